import type { Catalogue } from "#renderer/texts/english.ts";

export const tourTexts: Catalogue["tour"] = {
  title: "快速导览",
  offer: "第一次来？一分钟的导览会带您看看各个房间。",
  place: (step, steps) => `${step} / ${steps}`,
  back: "上一步",
  next: "下一步",
  done: "开始",
  skip: "跳过导览",
  again: "显示导览",
  steps: {
    home: {
      title: "欢迎使用 HiNAS Lab",
      text: "在这里搜索、训练并使用为照片去噪的网络。首页显示正在进行的任务和下一步；那里的演示约需两分钟。",
    },
    datasets: {
      title: "您的照片留在原处",
      text: "添加干净照片的文件夹，或带噪与干净的成对照片。不会复制或改动任何内容。在此之前有内置样例集可用。",
    },
    search: {
      title: "搜索找到架构",
      text: "选择一个预设。实验室会事先说明它在这台计算机上的代价，并实时显示哪些操作和宽度胜出。",
    },
    train: {
      title: "训练把它变成网络",
      text: "推导出的架构从全新的权重开始，之后用它没有见过的照片来评测。",
    },
    denoise: {
      title: "在任何房间都可拖入照片",
      text: "程序自带网络，因此从一开始就能去噪。原始照片绝不会被覆盖。",
    },
    settings: { title: "语言、按键与术语", text: "设置里有语言、键盘快捷键，以及这里所有术语的词汇表。" },
  },
};

export const noticeTexts: Catalogue["notices"] = {
  finished: (name) => `${name} 已完成`,
  failed: (name) => `${name} 失败`,
  interrupted: (name) => `${name} 被中断`,
};

export const glossaryTexts: Catalogue["glossary"] = {
  title: "词汇表",
  filter: "筛选词汇表",
  noMatch: "没有匹配的词。",
  terms: {
    supernet: { term: "超网", text: "包含所有候选的大网络；搜索训练它，并学出哪些部分重要。" },
    searchSpace: { term: "搜索空间", text: "一次搜索可能找到的所有架构。" },
    cell: { term: "单元", text: "由操作组成的小图；网络是一列或一个 U 形的单元。" },
    node: { term: "节点", text: "单元中的特征图：通向它的各边之和。" },
    edge: { term: "边", text: "从一个节点到另一个节点的路，上面有一个操作。" },
    primitive: { term: "基元", text: "有名字的候选操作，例如 3 × 3 卷积。" },
    mixedOp: { term: "混合操作", text: "一条边尚未确定时，其上所有基元的加权和。" },
    alpha: { term: "Alpha", text: "搜索对基元所学到的；其 softmax 是操作权重。" },
    beta: { term: "Beta", text: "搜索对宽度所学到的；其 softmax 是迁移权重。" },
    widthLevel: { term: "宽度级", text: "一层有多少通道：滤波器数的倍数。" },
    genotype: { term: "基因型", text: "作为纯数据的架构：哪里是哪些操作，以及多宽。" },
    derive: { term: "推导", text: "保留一次搜索中最强的操作和最佳的宽度路径。" },
    warmUp: { term: "预热", text: "在 alpha 和 beta 学习之前，只有权重学习的若干轮。" },
    archStep: { term: "架构步", text: "在架构半数照片上学习 alpha 和 beta 的一步。" },
    weightStep: { term: "权重步", text: "在权重半数照片上学习滤波器的一步。" },
    validation: { term: "验证", text: "两半都不包含、用来衡量进展的照片。" },
    sigma: { term: "Sigma", text: "噪声强度：在 0 到 255 尺度上的标准差。" },
    patch: { term: "图像块", text: "为一步学习从照片中随机裁出的正方形。" },
    tile: { term: "图块", text: "大照片的规则部分；图块之间看不出接缝。" },
    psnr: { term: "PSNR", text: "图片与干净图片的接近程度，单位分贝；越大越好。" },
    ssim: { term: "SSIM", text: "两张图片结构的相似程度，最大为 1。" },
    haarPsi: { term: "HaarPSI", text: "按多种尺度的边缘衡量两张图片在人眼中的相似程度，最大为 1。" },
    recipe: { term: "测量方案", text: "数值是如何测得的：照片、噪声、取整、种子。只有方案相同才可比较。" },
    checkpoint: { term: "检查点", text: "运行到目前为止所学到的，存于文件，可由此继续。" },
    preset: { term: "预设", text: "程序自带的、有名字的一组设置。" },
    receptiveField: { term: "感受野", text: "网络在一个像素周围看多远。" },
    multiplyAdds: { term: "乘加次数", text: "每个像素需要多少计算。" },
    selfEnsemble: { term: "自集成", text: "照片八个朝向的结果的平均。" },
    paretoFront: { term: "帕累托前沿", text: "没有别的网络能同时更省且更好的那些网络。" },
  },
};
