import type { Catalogue } from "#renderer/texts/english.ts";

import { searchHelp } from "./searchHelp.ts";

/** What settings are for; English has it from their schemas. */
export const settingHelp: Catalogue["search"]["settingHelp"] = {
  ...searchHelp,

  name: "给人看的名称；留空则由数据集和种子生成。",
  seed: "相同的种子和设置给出相同的运行。",

  "data.dataset": "已登记数据集的名称、干净照片的文件夹，或用“sample”表示内置数据集。",
  "data.validationShare": "测试之外的照片中留作验证的占比，按名称取最后几张（至少一张）。",
  "data.maxPhotos": "只使用按名称排在最前的这么多张照片。",
  "data.test.kind": "运行从不看这些照片，以便之后在其上评测网络。搜索及其结果的训练保留相同的照片。",
  "data.test.share": "大于 0 且小于 1。",
  "data.test.photos": "多少张照片。",
  "data.test.names": "数据集文件夹下的路径，以分号分隔：a.png; trip/b.png。成对照片用干净照片的路径。",
  "data.test.seed": "由它和名称决定选哪些照片；与运行的种子无关。",

  "augmentation.rescaleProbability": "裁剪图像块之前先缩放照片的概率。",
  "augmentation.rescaleFrom": "缩放的最小倍数。",
  "augmentation.rescaleTo": "缩放的最大倍数。",
  "augmentation.rotate": "旋转 90 度的随机整数倍。",
  "augmentation.mirror": "以二分之一的概率左右镜像。",

  "noise.kind": "加到干净照片上的噪声；相机成对照片中，每张干净照片自带一张带噪照片。",
  "noise.sigma255":
    "一个强度（30）、供抽取的几个（30, 50, 70）或一个范围（0..75），每个图像块抽取一次，0..255 尺度；每张验证照片的强度由种子和名称决定，保持不变。",
  "noise.sigma255@poisson_gaussian": "恒定部分，0..255 尺度；典型值为 5。",
  "noise.gain": "与信号有关的部分：单位信号的方差，二者都在 0..1 尺度上；典型值为 0.01。",
  "noise.shotNoise":
    "光子的噪声：传感器上单位信号的方差，二者都在 0..1 尺度上；按对数均匀抽取。0 表示关闭传感器的两种噪声。",
  "noise.readNoise": "读出的噪声：其标准差是相机在抽取的散粒噪声之外所具有噪声的倍数。0 表示关闭。",
  "noise.redGain": "白平衡：传感器的红色连同其噪声所乘的倍数。1 表示不变。",
  "noise.blueGain": "同上，用于蓝色。",
  "noise.demosaicing": "如何求出马赛克中缺少的颜色：Malvar（5x5 滤波器）、双线性，或无：每个像素对每种颜色都有传感器。",
  "noise.mosaicDetail": "图片也经过马赛克和去马赛克，会变软；关闭时只有噪声经过，因为照片已经历过一次。",
  "noise.colourMatrix": "从传感器的暗淡颜色到文件的颜色：每个通道减去另外两个通道之和的一半乘以此值。",
  "noise.toneCurve": "sRGB 曲线之后增强对比度的 S 形曲线的强度；0 表示仅 sRGB。",
  "noise.lumaBlurPx": "相机自带的去噪：对亮度中的噪声作高斯模糊的 sigma，以像素计。0 表示没有。",
  "noise.chromaBlurPx": "同上，用于色度。",
  "noise.eightBits": "截断到 0..1 并取整为 8 位；JPEG 文件总是如此。",
  "noise.jpeg": "最后存为 JPEG：色度逐像素（4:4:4）、每 2x2 像素（4:2:0）、二者之一，或不用 JPEG。",
  "noise.jpegQuality": "JPEG 文件的质量，1..100，与一般程序的计法相同；均匀抽取并取整。",

  "network.filters": "最终网络中第 0 宽度级的通道数。",
  "network.imageChannels": "1 为灰度图片，3 为彩色：一个网络处理全部三个通道。",
  "network.noiseMap": "把每个像素处的噪声强度告诉网络，使一个网络适用于一段噪声范围。",
  "network.unshuffle": "2 表示以一半分辨率计算：每个 2x2 像素块变为通道，最后再变回像素。",
  "network.offsetLimitPx":
    "可变形卷积的每个采样点最远可移动多少，以所在层的像素计；越远，图块四周需要的边距越宽。其他基元不用此项。",
  "network.stemChannels": "单元之前的主干的通道数；论文为 64。",
  "network.endpointChannels": "通向解码器的旁支的通道数；论文为 48。多尺度 U 形没有旁支。",
  "network.decoderChannels": "解码器的通道数；论文为 128。多尺度 U 形没有解码器。",
  "network.normalisation": "不用批归一化时，每处以一个偏置代替，训练和使用的便是同一个网络。",

  "training.startFrom":
    "作为起点的已训练网络：一次训练、按名称或哈希指定的模型，或一个文件。名称和形状相符的滤波器直接沿用，其余照常初始化；架构相同而滤波器更多的网络，起初的计算结果与较小的网络相同。留空则不用。",
  "training.steps": "权重更新的总次数；论文为 60 万。",
  "training.batchSize": "每步的图像块数。",
  "training.patchSize": "正方形训练图像块的边长，以像素计。",
  "training.stages":
    "每个阶段的步数占比、批大小、图像块大小，阶段之间用分号隔开：0.75, 32, 48; 0.25, 12, 80。留空：所有步使用上面的大小。",
  "training.pixelLoss": "一个像素的误差如何计算：取平方（同论文）、取绝对值，或取尖点磨圆的绝对值。",
  "training.ssimWeight": "log10(1/SSIM) 相对于像素损失的权重；为 0 时不计算 SSIM。",
  "training.precision":
    "训练时卷积所用的精度：处理器有相应指令（AVX-512 BF16、AMX）时，bfloat16 只需三分之二的时间，且要求 AVX-512；权重保持 32 位。",
  "training.warmupSteps": "学习率从零线性上升所用的步数。",
  "training.clipValue": "每个梯度值截断到正负此值之内；留空则关闭。",
  "training.clipNorm": "整个梯度超过此长度时缩短到此长度；留空则关闭。",
  "training.averagingDecay": "权重及批归一化统计量的平均的衰减，用于验证和保存；留空则关闭。",
  "training.freezeNormsFrom": "步数的此占比之后，批归一化保持运行统计量，与使用时相同；留空则不冻结。",
  "training.validateEverySteps": "两次验证之间的步数；据此保留最佳网络。",
  "training.checkpointEverySteps": "两个检查点之间的步数：崩溃最多损失这么多工作。",
  "training.keepPeriodic": "除最佳和最后的检查点外，保留多少个定期检查点。",
  "training.optimiser.kind":
    "带动量的 SGD（同论文）；Adam；AdamW，其权重衰减不进入梯度；或 Muon，使滤波器在各个方向上同样快地移动，每步学得最多。",
  "training.optimiser.learningRate@sgd": "调度中的最高学习率；SGD 常用 0.01 到 0.1。",
  "training.optimiser.learningRate@adam": "调度中的最高学习率；Adam 常用 0.0001 到 0.001。",
  "training.optimiser.learningRate@adamw": "调度中的最高学习率；AdamW 常用 0.0001 到 0.001。",
  "training.optimiser.learningRate@muon": "调度中的最高学习率；Muon 常用 0.001 到 0.01。",
  "training.optimiser.momentum": "上一次更新延续到下一次的占比；常用 0.9。",
  "training.optimiser.weightDecay@sgd": "每步把权重拉向零的力度。论文为 0.00004。",
  "training.optimiser.weightDecay@adam": "每步把权重拉向零的力度。Adam 常用 0。",
  "training.optimiser.weightDecay@adamw": "学习率为 1 时一步减去的权重占比；AdamW 常用 0.0001 到 0.05。",
  "training.optimiser.weightDecay@muon": "学习率为 1 时一步减去的权重占比。",
  "training.optimiser.outputRateFactor": "最后一层卷积的学习率倍数，只有它后面没有批归一化；过高则发散。",
  "training.optimiser.biasRateFactor": "偏置和批归一化平移量的学习率倍数。",
  "training.optimiser.biasRateFactor@sgd": "偏置和批归一化平移量的学习率倍数。论文为 2。",
  "training.optimiser.beta1": "Adam 记住梯度多久；常用 0.9。",
  "training.optimiser.beta2": "Adam 记住梯度大小多久；常用 0.999。",
  "training.schedule.kind": "学习率如何随步数下降：按幂次（同论文），或沿半个余弦。",
  "training.schedule.power": "1 表示沿直线降到零；小于 1 时学习率在高处停留更久。",
  "training.schedule.minLearningRate": "下降到何处为止。",
  "training.earlyStop.kind": "训练是否可以在最后一步之前结束。",
  "training.earlyStop.patienceValidations": "连续这么多次验证没有增益后，训练以其最佳网络结束。",
  "training.earlyStop.minGainDb": "验证 PSNR 比上次增益时高出这么多 dB 才算增益；0 表示任何提高都算。",
};
