import type { Catalogue } from "#renderer/texts/english.ts";

export const walkthroughTexts: Catalogue["walkthrough"] = {
  title: "逐步复现论文",
  intro:
    "逐个房间复现 HiNAS（Zhang 等，IJCV 2022，arXiv 2012.13212）所做的工作。每一步都通向相应的房间；简短形式只需几分钟。",
  open: "复现论文",
  place: (step) => `第 ${step} 步`,
  steps: {
    data: {
      title: "数据",
      text: "论文在 BSDS500 的 train 和 val 照片（共 300 张）上搜索和训练。BSD68 的全部 68 张照片都在其中：用它们训练的网络应改在 Set12 上评测。",
      picture: "数据集房间，显示各数据集的照片",
    },
    noise: {
      title: "噪声",
      text: "论文使用 sigma 为 30、50 和 70 的高斯噪声，每个强度一个网络。噪声台显示它在您的照片上的样子，以及噪声中被截断的部分。",
      picture: null,
    },
    search: {
      title: "搜索",
      text: "一个大网络包含所有候选。它的权重从一半照片学习，alpha 和 beta 从另一半学习。在驾驶舱里请看三点：差距、宽度和跳跃连接。",
      picture: "搜索的驾驶舱：曲线、单元，以及哪些操作胜出",
    },
    derive: {
      title: "导出",
      text: "每个节点保留最强的两条边，从不保留 none；宽度路径由维特比算法找出。每个选择都附有理由。",
      picture: "导出的架构，以及选择各边的理由",
    },
    train: {
      title: "训练",
      text: "架构从全新的权重开始。表单事先说明训练在这里的代价；搜索的数据、噪声和种子会一并沿用。",
      picture: "一次训练：损失、验证和过程中的图片",
    },
    measure: {
      title: "评测",
      text: "每个数字都附有其配方的名称。换一个配方，同一网络就有另一个数字；论文很少说明用的是哪一个。",
      picture: null,
    },
    compare: {
      title: "比较",
      text: "网络与同一测试的已发表数字、BM3D 以及自带的网络并列。成绩是否归功于搜索，由同等代价的对照来回答。",
      picture: "网络比较：达到什么，代价多少",
    },
    denoise: {
      title: "去噪",
      text: "在任何房间放下照片即可。源文件从不被覆盖；需要告知噪声的网络采用每张照片的估计值。",
      picture: null,
    },
  },
  actions: {
    datasets: "数据集",
    noise: "噪声台",
    quickSearch: "新的快速搜索",
    cockpit: "最新的搜索",
    derive: "从最新的搜索导出",
    train: "新的训练",
    measure: "最新的训练",
    compare: "比较",
    denoise: "去噪",
  },
  noSearch: "还没有搜索。",
  noTraining: "还没有训练。",
};
