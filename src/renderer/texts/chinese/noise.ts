import type { Catalogue } from "#renderer/texts/english.ts";

import { noiseKindTexts } from "./noiseKinds.ts";

const WRONG = "这还不是噪声设置。";
const GAIN_WRONG = "必须是 1 到 10 的数，或如 1.9..2.4 的范围。";
const BLUR_WRONG = "必须是 0 到 10 的数，或如 0..1 的范围。";
const GAIN_HELP = "单位信号的方差，二者都在 0 到 1 的尺度上。";

const parameters: Catalogue["noise"]["parameters"] = {
  gaussian: {
    sigma255: {
      label: "Sigma（0 到 255）",
      help: "一个值，供抽取的列表（30, 50, 70），或每个图像块抽取的范围（0..55）。",
      wrong: WRONG,
    },
  },
  poisson_gaussian: {
    gain: { label: "增益", help: GAIN_HELP, wrong: GAIN_HELP },
    sigma255: { label: "恒定部分，sigma（0 到 255）", help: null, wrong: WRONG },
  },
  camera: {
    shotNoise: {
      label: "散粒噪声",
      help: "传感器上单位信号的方差；一个值或范围（0.0001..0.012）。0：没有传感器噪声。",
      wrong: "必须是 0 到 1 的数，或大于 0 的范围，如 0.0001..0.012。",
    },
    readNoise: {
      label: "读出噪声",
      help: "相机在散粒噪声之外所具有噪声的倍数。",
      wrong: "必须是 0 到 100 的数，或如 0.77..1.3 的范围。",
    },
    redGain: { label: "白平衡，红", help: "1 表示不变。", wrong: GAIN_WRONG },
    blueGain: { label: "白平衡，蓝", help: null, wrong: GAIN_WRONG },
    demosaicing: { label: "去马赛克", help: null, wrong: WRONG },
    mosaicDetail: {
      label: "图片也经过马赛克",
      help: "使图片变软；关闭时只有噪声经过，因为照片已经过相机。",
      wrong: WRONG,
    },
    colourMatrix: {
      label: "色彩矩阵",
      help: "从传感器的暗淡颜色到文件的颜色；0 表示没有。",
      wrong: "必须是 0 到 2 的数，或如 0..0.5 的范围。",
    },
    toneCurve: {
      label: "对比度曲线",
      help: "0 表示仅 sRGB。",
      wrong: "必须是 0 到 1 的数，或如 0..1 的范围。",
    },
    lumaBlurPx: { label: "相机自带去噪，亮度（像素）", help: "噪声模糊的 sigma。", wrong: BLUR_WRONG },
    chromaBlurPx: { label: "相机自带去噪，色度（像素）", help: null, wrong: BLUR_WRONG },
    eightBits: { label: "8 位", help: "截断并取整，JPEG 文件总是如此。", wrong: WRONG },
    jpeg: { label: "JPEG", help: "色度逐像素（4:4:4）或每 2 x 2 像素（4:2:0）。", wrong: WRONG },
    jpegQuality: { label: "JPEG 质量", help: null, wrong: "必须是 1 到 100 的数，或如 60..100 的范围。" },
  },
  paired: {},
};

export const noiseTexts: Catalogue["noise"] = {
  title: "噪声台",
  intro: "看看一项噪声设置对照片做了什么：相同的种子给出搜索、训练和测试所用的相同像素。",

  view: "查看内容",
  views: { photo: "整张照片", patch: "训练图像块" },
  photoHelp: "带有以此种子评测时所加的噪声。",
  patchHelp: "按这些设置的运行在这一步所做的裁剪、旋转和加噪。",
  dataset: "数据集",
  photo: "照片",
  pictures: "图片",
  channels: { 1: "灰度", 3: "彩色" },
  choosePhoto: "选择…",
  firstPhoto: "第一张",
  settingsOf: "设置来自",
  settingsOfSearch: "默认搜索",
  settingsOfTraining: "默认训练",
  settingsOfRun: (kind, name) => `${kind}：${name}`,
  ownSettings: "如下所设",
  runNotRead: "无法读取该运行的设置",
  set: "谁的批次",
  sets: { weights: "搜索，权重步", architecture: "搜索，架构步", training: "训练" },
  step: "步",
  index: "批次中的图像块",
  patchSize: "图像块大小",
  batchSize: "批大小",
  less: (name) => `${name}：减一`,
  more: (name) => `${name}：加一`,

  noise: "噪声",
  kind: "噪声种类",
  kinds: noiseKindTexts,
  kindHelp: {
    gaussian: "图片中处处相同。",
    poisson_gaussian: "与相机中一样，图片亮处更强，另有恒定部分。",
    camera: "如同成品彩色照片：传感器马赛克上的噪声、去马赛克、白平衡、色调曲线、8 位、JPEG。",
    paired: "不添加噪声：使用每对相机照片中带噪的那张。",
  },
  parameters,
  seed: "种子",
  newSeed: "另一个种子",

  fitCamera: "测量我的相机",
  profiles: "噪声配置",
  profilesHelp: "有名字的设置，供搜索和训练的表单以及去噪使用。",
  noProfiles: "还没有保存。给上面的设置起个名字即可保留。",
  profilesNotListed: "无法列出噪声配置",
  name: "配置名称",
  save: "保存",
  replaces: "会替换同名的配置。",
  saved: (name) => `已保存 ${name}`,
  notSaved: "无法保存配置",
  use: (name) => `使用 ${name}`,
  actionsOf: (name) => `${name} 的操作`,
  rename: "重命名",
  renameTitle: (name) => `重命名 ${name}`,
  notRenamed: "无法重命名配置",
  taken: "另一个配置已用此名称。",
  remove: "删除",
  removeTitle: (name) => `删除配置 ${name}？`,
  removeText: "用它启动的运行保留各自的设置。",
  notRemoved: "无法删除配置",
  search: "用它搜索",
  pick: "噪声配置",
  pickHelp: "填入这一组的各字段。",
  pickNone: "如此处所设",

  layout: "排列",
  layouts: { three: "干净、带噪与噪声", wipe: "划动对比", noisy: "仅带噪" },
  clean: "干净",
  noisy: "带噪",
  difference: "噪声（放大）",
  picture: "带噪图片",
  notShown: "无法显示噪声",
  holdKeys: [
    { key: "B", does: "干净" },
    { key: "D", does: "噪声" },
  ],

  shortcuts: { clean: "噪声台：按住显示干净照片", difference: "噪声台：按住显示噪声" },

  histogram: "噪声直方图",
  measured: "实测",
  expected: "预期",
  difference255: "带噪减干净（0 到 255）",
  count: "数值个数",
  facts: {
    drawn: "抽取的 sigma",
    drawnShot: "抽取的散粒噪声",
    drawnBlur: "抽取的相机去噪",
    drawnJpeg: "抽取的 JPEG",
    levels: "偏差，由暗到亮",
    correlation: "相关性（亮度、色度）",
    deviation: "标准差",
    mean: "均值",
    estimated: "由带噪图片估计",
    psnr: "PSNR",
    ssim: "SSIM",
    size: "尺寸",
    photo: "照片",
  },
};
