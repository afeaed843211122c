import type { Catalogue } from "#renderer/texts/english.ts";

/** What the settings of search spaces and searches are for. */
export const searchHelp: Catalogue["search"]["settingHelp"] = {
  "space.kind":
    "“排成一列”：同一分辨率的单元（HiNAS）。“多尺度 U 形”：单元处于二分之一、四分之一等分辨率。“跨分辨率排成一列”：每个宽度级的分辨率是前一级的一半（Auto-DeepLab）。",
  "space.layers": "深度方向的单元数；U 形须为奇数：3 对应两个尺度，5 对应三个。",
  "space.nodes": "每个单元的节点数；节点 i 读取它之前的 2 + i 个状态。",
  "space.filters": "搜索时宽度倍数为 1 的通道数；在 U 形上，分辨率每减半一次，通道数加倍。",
  "space.widthFactors": "各宽度级的通道倍数，最窄的在前。",
  "space.primitives": "每条边上的候选操作，按顺序；除 none 外至少一个。",
  "space.alphaSharing": "一层对其边所学到的归它自己，或由所有层共享。",
  "space.cellSharing":
    "先混合到达一个宽度级的输入，再用一个单元处理（HiNAS）；关闭时每个入口各有一个单元，再混合其输出（Auto-DeepLab）。",
  "space.partialChannels":
    "每几个通道中有一个经过边的混合操作，其余直接通过（PC-DARTS 为 4）：更省内存，也减少无权重基元的优势。1：全部经过。",
  "space.imageChannels": "1 为灰度图片，3 为彩色：一个网络处理全部三个通道。",
  "space.noiseMap": "把每个像素处的噪声强度告诉网络，使一个网络适用于一段噪声范围。",
  "space.unshuffle": "2 表示以一半分辨率计算：每个 2x2 像素块变为通道，最后再变回像素。",
  "space.offsetLimitPx":
    "可变形卷积的每个采样点最远可移动多少，以所在层的像素计；越远，图块四周需要的边距越宽。其他基元不用此项。",
  "space.stemChannels": "单元之前的主干的通道数；论文为 64。",
  "space.output": "Sigmoid：超网的结尾与论文的搜索代码相同；线性：与推导出的网络相同。",

  "search.epochs": "遍历权重半数照片的次数。",
  "search.warmupEpochs": "第一个架构步之前的轮数。",
  "search.batchSize": "每步的图像块数。",
  "search.patchSize": "正方形训练图像块的边长，以像素计。",
  "search.ssimWeight": "log10(1/SSIM) 相对于均方误差的权重。",
  "search.order": "一阶同论文；二阶（DARTS）：依据下一步之后的权重，慢数倍。",
  "search.discretisationGap":
    "预热之后，只用每条边最强的基元再验证一次：得分差多少，说明超网与将会推导出的网络相距多远。验证时间加倍。",
  "search.validateFromEpoch": "第一个验证的轮；最佳轮从这里开始寻找，且从不在预热期间，那时所有架构的权重相同。",
  "search.recompute": "反向传播时重算单元，而不记住其结果：更省内存，更费时间。",
  "search.keepSupernetWeights": "在检查点中保存超网权重，使搜索在重启后可以继续。",
  "search.checkpointEverySteps": "两个检查点之间的步数：崩溃最多损失这么多工作。",

  "search.strategy.kind":
    "梯度：超网的 alpha 和 beta 与其权重一同学习（DARTS）。其他策略根据先前的得分逐个选择架构：随机（各一次）、正则化进化、锦标赛、局部搜索、REINFORCE、贝叶斯。",
  "search.strategy.candidates": "总共给多少个架构打分。",
  "search.strategy.population": "存活的架构：最新的这么多个，不论得分。论文为 100。",
  "search.strategy.sample": "从种群中抽取；改变其中最好的一个。论文为 25。",
  "search.strategy.initial@tournament": "开始时的随机架构；都不会被淘汰。论文为 200。",
  "search.strategy.initial@bayesian": "第一次预测之前的随机架构。",
  "search.strategy.share": "所有已打分架构中参加一次锦标赛的占比，至少两个。论文为 0.05。",
  "search.strategy.learningRate@reinforce": "控制器 logits 的学习率（Adam）。",
  "search.strategy.learningRate@bayesian": "集成中各网络的学习率（Adam）。",
  "search.strategy.baselineDecay": "与候选作比较的平均得分的衰减。",
  "search.strategy.predictor": "用什么预测得分：小网络（BANANAS）、高斯过程，或什么都不用，作为对照。",
  "search.strategy.batch": "每次预测取用的候选数。",
  "search.strategy.parents": "改变最好的这么多个，产生备选。",
  "search.strategy.pool": "供选择的、由改变得来的架构数。",
  "search.strategy.networks": "集成中的网络数。",
  "search.strategy.layers": "集成中每个网络的隐藏层数。",
  "search.strategy.width": "每个隐藏层的神经元数。",
  "search.strategy.epochs": "集成中的网络遍历已打分架构的次数。",

  "search.estimator.kind":
    "超网：其验证得分，所有候选共享其权重。短训练：候选网络经短训练后的验证得分。逐次减半与异步减半：同上，但先给许多候选少量训练，再给其中最好的更多训练，分组进行，或一进入最好之列便继续。预测终点：训练提前截断，预测其结束时的验证得分。路径：候选在超网中的路径；超网先在随机路径上训练，权重由所有候选共享。参数、乘加次数、感受野：候选的大小，不作训练。梯度与 SNIP：一个批次上梯度的长度，以及批次的损失对权重的依赖程度。SynFlow：有多少流过其权重，不用数据。雅可比协方差：输出对不同图像块的响应有多不同。",
  "search.estimator.steps": "每个候选的权重更新次数；批次和图像块与搜索相同。",
  "search.estimator.filters": "所训练网络第 0 宽度级的通道数；留空则用搜索空间的。",
  "search.estimator.maxPhotos": "只用前这么多张照片训练；留空则用全部。",
  "search.estimator.learningRate": "第一步的学习率（Adam）；沿半个余弦下降。",
  "search.estimator.normalisation": "没有批归一化地训练候选：每步只有少量小图像块时，短训练这样更能反映网络的优劣。",
  "search.estimator.seed": "用于权重和批次；留空则用搜索的种子。换用其他种子可看出得分中有多少是偶然。",
  "search.estimator.warmStart":
    "由另一候选改变而来的候选，可在相符之处沿用其训练好的权重；若是由它扩展而来，起初的计算结果与它相同（网络态射）。用于改变架构的策略。",
  "search.estimator.curve": "在步数的 25% 和 50% 处也验证并报告。",
  "search.estimator.rungs": "最好的几个共训练几级，包括第一级。",
  "search.estimator.factor": "每这么多个中有一个进入下一级，下一级给予同样倍数的训练。",
  "search.estimator.fidelities": "低级别减少什么；上面的设置是最高级的。每一级都重新训练。",
  "search.estimator.bracket": "一同开始的候选数；最后一个得分后，策略才得知它们的得分。",
  "search.estimator.share": "实际训练的步数占比，学习率按整个训练计；其余由预测得出。",
  "search.estimator.validations": "途中用来预测终点的得分个数，等间隔分布。",
  "search.estimator.supernetSteps": "第一个候选之前超网权重的更新次数，每次在一条随机路径上；使用权重优化器的设置。",

  "search.candidates.kind":
    "逐个选择的策略从何选择。单元：搜索空间所描述的。链：排成一列的层，各有基元、宽度、空洞率和跳跃连接。母题：小图的层次结构。后两者只用搜索空间的滤波器和输入，与单元无关。",
  "search.candidates.layers": "主干与最后一层卷积之间的层数。",
  "search.candidates.primitives@chain": "一层可以计算什么。",
  "search.candidates.primitives@motifs": "第 2 级的边上可以有什么。",
  "search.candidates.widthFactors": "一层可以采用的通道倍数。",
  "search.candidates.dilations": "一层滤波器的采样点可以相隔多少像素。",
  "search.candidates.skips": "一层是否可以在其计算结果上加上之前的值。",
  "search.candidates.cells": "排成一列的单元数；都是最后一级的那个母题。",
  "search.candidates.levels":
    "从第 2 级起：多少个母题，各有多少个节点。论文中先是 6 个、各 4 个节点，再是 1 个、5 个节点。",

  "search.weights.optimiser": "带动量的 SGD 同论文；Adam 使所有权重同样快地移动，不论其梯度多小。",
  "search.weights.learningRate": "第一轮的学习率；论文为 0.025。",
  "search.weights.minLearningRate": "调度从不低于此值；论文为 0.001。",
  "search.weights.momentum": "上一次更新延续到下一次的占比；常用 0.9。",
  "search.weights.weightDecay": "每步把权重拉向零的力度。论文为 0.0003。",
  "search.weights.cosineHalfPeriodEpochs": "余弦下降一次所用的轮数；之后以同样的轮数上升。",
  "search.weights.polyPower": "余弦在一条缓慢下降的包络之下摆动，这是包络的幂次：1 为直线降到零，0 为不降。",
  "search.weights.outputRateFactor": "最后一层卷积的学习率倍数，只有它后面没有批归一化；过高则发散。",
  "search.arch.learningRate": "alpha 和 beta 移动的快慢；保持不变。论文为 0.001。",
  "search.arch.weightDecay": "把 alpha 和 beta 拉向零的力度；在零处全都权重相同。",
  "search.arch.beta1": "Adam 记住梯度多久；常用 0.9。",
  "search.arch.beta2": "Adam 记住梯度大小多久；常用 0.999。",

  "search.stabilisers.betaDecay":
    "对 alpha 的 logsumexp 的拉力，其权重到最后一轮所增至的值（Beta-DARTS）；论文为 50，配合交叉熵。留空则关闭。",
  "search.stabilisers.dropTo":
    "每条边逐阶段保留的基元数，最弱的永久去除（P-DARTS：5, 3）；预热之后的轮数平均分配。留空：不去除。",
  "search.stabilisers.skipDropout":
    "上述每个阶段的第一轮中，丢弃 skip_connect 输出的占比，使卷积也能学习；到该阶段最后一轮降为 0（P-DARTS：0, 0.4, 0.7）。留空：不丢弃。",
  "search.stabilisers.edgeNormalisation": "通向一个节点的各边学习总和为 1 的权重，由其决定保留哪些边（PC-DARTS）。",
  "search.stabilisers.opWeights.kind":
    "Softmax：一条边的基元竞争总和 1。Sigmoid（Fair-DARTS）：每个基元独自从一半走向 0 或 1。",
  "search.stabilisers.opWeights.zeroOneWeight": "零一损失的权重，它使每个操作权重远离一半；论文为 10。",
  "search.stabilisers.auxiliarySkip.kind":
    "每条边上附加一个跳跃连接，使 skip_connect 不必胜出，梯度也能流动（DARTS-）：没有，或其权重如何下降。",
  "search.stabilisers.auxiliarySkip.weight": "预热结束之前附加跳跃连接的权重；最后一轮为 0。论文为 1。",
  "search.stabilisers.perturbation.kind":
    "权重在略微移动的操作权重下学习，以免找到 alpha 的尖锐最优点（SmoothDARTS）：不扰动、随机，或移向损失最大处。",
  "search.stabilisers.perturbation.radius": "操作权重最远移动多少，指最后一轮；从 0.03 起增大。论文为 0.3。",
  "search.stabilisers.perturbation.steps": "每个权重步之前沿损失上升的步数，每步与架构步同样慢；论文为 7。",
  "search.stabilisers.choice.kind":
    "最后由什么决定。Alpha：最强的基元。扰动：逐条边选择去除后对超网损害最大的基元（DARTS-PT）。",
  "search.stabilisers.choice.tuneEpochs": "两次选择之间让超网适应的轮数；0：一次选完。",
  "search.stabilisers.choice.batches": "测量一次损失所用的架构半数照片的批次数。",

  "search.cost.kind":
    "仅损失；或损失 + lambda log(E / 目标)，E 是按操作权重和迁移权重抽取的网络每像素的预期乘加次数；或同样计算 256 x 256 像素图片所需的毫秒数，取自在此设备上测得的各部分的表。",
  "search.cost.weight": "Lambda：预期代价的对数相对于损失的权重；0 表示只监视。",
  "search.cost.target@multiplyAdds":
    "该项为零时每像素的乘加次数，画为一条线；它不影响搜索，只有 lambda 影响。留空：搜索开始时的值。",
  "search.cost.target@latency":
    "该项为零时的毫秒数，画为一条线；它不影响搜索，只有 lambda 影响。留空：搜索开始时的值。",

  "search.stopping.kind":
    "所有轮；或在以下情况停止：验证得分不再提高、单元充满跳跃连接、没有边再改变选择，或 alpha 的 Hessian 的主特征值上升。",
  "search.stopping.patience": "验证得分没有提高的轮数。",
  "search.stopping.limit": "单元将保留的跳跃连接多于此数时，搜索停止（DARTS+）。",
  "search.stopping.rollBack": "保留搜索停止那一轮之前的最佳轮；关闭时，停止的那一轮也可以是最佳。",
  "search.stopping.epochs": "每条边的最佳基元连续不变的轮数（DARTS+）。",
  "search.stopping.ratio": "特征值达到四次测量之前的这么多倍时，搜索停止（R-DARTS）。",
  "search.stopping.fromEpoch": "搜索可以停止的第一轮。",
  "search.stopping.everyEpochs": "两次测量之间的轮数。",
};
