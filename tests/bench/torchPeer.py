"""Runs a network graph in PyTorch: one training step and one inference, timed. Reads one JSON object, prints another."""

import json
import math
import resource
import statistics
import sys
import time

import torch
import torch.nn.functional as functional

LEAKY_SLOPE = 0.2
NORM_EPSILON = 1e-5
SSIM_C1, SSIM_C2 = 0.01**2, 0.03**2


class Network(torch.nn.Module):
    """A network as its list of nodes, in their order; of a folded network each norm is a bias already."""

    def __init__(self, nodes, output):
        super().__init__()
        self.output = output
        self.weights = torch.nn.ParameterDict()
        self.norms = torch.nn.ModuleDict()
        self.nodes = self.keep_live(nodes)
        channels = {}
        for node in self.nodes:
            channels[node["name"]] = self.declare(node, [channels[name] for name in node["inputs"]])
        self.readers = {}
        for node in self.nodes:
            for name in node["inputs"]:
                self.readers.setdefault(name, []).append(node["name"])
        self.absorbed = self.find_absorbed_biases()

    def keep_live(self, nodes):
        wanted, live = {self.output}, []
        for node in reversed(nodes):
            if node["name"] in wanted:
                wanted.update(node["inputs"])
                live.append(node)
        return live[::-1]

    def find_absorbed_biases(self):
        """A bias that alone reads a filter's output is part of that convolution: {filter: bias}."""
        kinds = {node["name"]: node["kind"] for node in self.nodes}
        return {
            node["inputs"][0]: node["name"]
            for node in self.nodes
            if node["kind"] == "bias"
            and kinds[node["inputs"][0]] in ("convolution", "depthwise")
            and len(self.readers[node["inputs"][0]]) == 1
        }

    def declare(self, node, inputs):
        """Makes a node's parameters and returns how many channels it has."""
        name, kind = node["name"].replace(".", "/"), node["kind"]
        if kind == "input":
            return node["channels"]
        if kind == "convolution":
            return self.filter(name, node["channels"], inputs[0], node["side"])
        if kind == "depthwise":
            return self.filter(name, inputs[0], 1, node["side"])
        if kind == "norm":
            self.norms[name] = torch.nn.BatchNorm2d(inputs[0], eps=NORM_EPSILON, affine=node["isAffine"])
        if kind == "bias":
            self.weights[name] = torch.nn.Parameter(torch.zeros(inputs[0]))
        if kind == "concat":
            return sum(inputs)
        if kind in ("unshuffle", "shuffle"):
            square = node["block"] ** 2
            return inputs[0] * square if kind == "unshuffle" else inputs[0] // square
        return inputs[0]

    def filter(self, name, outputs, inputs, side):
        bound = 1 / math.sqrt(inputs * side * side)
        self.weights[name] = torch.nn.Parameter(torch.empty(outputs, inputs, side, side).uniform_(-bound, bound))
        return outputs

    def forward(self, planes):
        values = dict(planes)
        waiting = {name: len(readers) for name, readers in self.readers.items()}
        for node in self.nodes:
            if node["kind"] == "input":
                continue
            read = [values[name] for name in node["inputs"]]
            values[node["name"]] = self.run(node, read)
            del read
            for name in node["inputs"]:
                waiting[name] -= 1
                if waiting[name] == 0:
                    del values[name]
        return values[self.output]

    def run(self, node, inputs):
        name, kind, x = node["name"].replace(".", "/"), node["kind"], inputs[0]
        if kind in ("convolution", "depthwise"):
            bias = self.absorbed.get(node["name"])
            bias = None if bias is None else self.weights[bias.replace(".", "/")]
            reach = node["dilation"] * (node["side"] - 1) // 2
            groups = x.shape[1] if kind == "depthwise" else 1
            return functional.conv2d(x, self.weights[name], bias, 1, reach, node["dilation"], groups)
        if kind == "norm":
            return self.norms[name](x)
        if kind == "bias":
            return x if node["inputs"][0] in self.absorbed else x + self.weights[name].view(1, -1, 1, 1)
        if kind == "activation":
            return functional.leaky_relu(x, LEAKY_SLOPE)
        if kind == "add":
            return sum(inputs[1:], x)
        if kind == "concat":
            return torch.cat(inputs, 1)
        if kind == "subtract":
            return x - inputs[1]
        return unshuffle(x, node["block"]) if kind == "unshuffle" else shuffle(x, node["block"])


def unshuffle(x, block):
    """Squares of pixels into channels: (row * block + column) * C + c."""
    batch, channels, height, width = x.shape
    squares = x.reshape(batch, channels, height // block, block, width // block, block)
    return squares.permute(0, 3, 5, 1, 2, 4).reshape(batch, -1, height // block, width // block)


def shuffle(x, block):
    batch, channels, height, width = x.shape
    squares = x.reshape(batch, block, block, channels // block**2, height, width)
    return squares.permute(0, 3, 4, 1, 5, 2).reshape(batch, -1, height * block, width * block)


def ssim(x, y):
    """Mean SSIM with an 11 x 11 Gaussian window of 1.5 px and zero padding."""
    line = torch.exp(-((torch.arange(11.0) - 5) ** 2) / (2 * 1.5**2))
    line = line / line.sum()
    channels = 5 * x.shape[1]
    maps = torch.cat([x, y, x * x, y * y, x * y], 1)
    maps = functional.conv2d(maps, line.view(1, 1, 11, 1).repeat(channels, 1, 1, 1), padding=(5, 0), groups=channels)
    maps = functional.conv2d(maps, line.view(1, 1, 1, 11).repeat(channels, 1, 1, 1), padding=(0, 5), groups=channels)
    mean_x, mean_y, square_x, square_y, product = maps.chunk(5, 1)
    above = (2 * mean_x * mean_y + SSIM_C1) * (2 * (product - mean_x * mean_y) + SSIM_C2)
    below = (mean_x**2 + mean_y**2 + SSIM_C1) * (square_x - mean_x**2 + square_y - mean_y**2 + SSIM_C2)
    return (above / below).mean()


def draw(inputs, batch, height, width):
    return {
        node["name"]: torch.rand(batch, node["channels"], height, width).to(memory_format=torch.channels_last)
        for node in inputs
    }


def median_seconds(run, warm_up, repeats):
    times = []
    for _ in range(warm_up + repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times[warm_up:])


def measure_training(job, warm_up, repeats):
    network = Network(job["graph"]["nodes"], job["graph"]["output"]).to(memory_format=torch.channels_last)
    inputs = [node for node in network.nodes if node["kind"] == "input"]
    planes = draw(inputs, job["batchSize"], job["patchSize"], job["patchSize"])
    clean = torch.rand_like(network(planes).detach())
    optimiser = torch.optim.SGD(network.parameters(), lr=1e-4, momentum=0.9, weight_decay=4e-5)

    def step():
        optimiser.zero_grad(set_to_none=True)
        predicted = network(planes)
        loss = functional.mse_loss(predicted, clean) - job["ssimWeight"] * torch.log10(ssim(predicted, clean))
        (loss / 2).backward()
        optimiser.step()

    seconds = median_seconds(step, warm_up, repeats)
    return seconds, sum(parameter.numel() for parameter in network.parameters())


def measure_inference(job, warm_up, repeats):
    network = Network(job["graph"]["nodes"], job["graph"]["output"]).to(memory_format=torch.channels_last).eval()
    inputs = [node for node in network.nodes if node["kind"] == "input"]
    planes = draw(inputs, 1, job["side"], job["side"])
    with torch.inference_mode():
        return median_seconds(lambda: network(planes), warm_up, repeats)


def peak_rss_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    job = json.load(sys.stdin)
    torch.manual_seed(0)
    warm_up, repeats = job["warmUp"], job["repeats"]
    pixels = job["inference"]["side"] ** 2 / 1e6
    rate = pixels / measure_inference(job["inference"], warm_up, repeats)
    seconds, parameters = measure_training(job["training"], warm_up, repeats)
    print(
        json.dumps(
            {
                "version": torch.__version__,
                "threads": torch.get_num_threads(),
                "parameters": parameters,
                "trainStepSeconds": seconds,
                "mpixelPerSecond": rate,
                "peakRssMb": peak_rss_mb(),
            }
        )
    )


main()
