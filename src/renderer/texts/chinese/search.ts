import type { Catalogue } from "#renderer/texts/english.ts";

import { groupHelp, groups, presetNames, presetTexts } from "./searchGroups.ts";
import { choices } from "./searchSettings.ts";
import { settingHelp } from "./settingHelp.ts";
import { settingNames } from "./settingNames.ts";

export const searchTexts: Catalogue["search"] = {
  title: "搜索",
  intro: "搜索训练一个超网，找出哪些操作和宽度适合您的照片。",
  create: "新建搜索",
  none: "还没有搜索",
  noneText: "从预设“快速”开始：几分钟内就能看到搜索做些什么。",
  notListed: "无法列出运行",
  columns: {
    state: "状态",
    name: "名称",
    progress: "进度",
    best: "最佳 PSNR",
    ssim: "SSIM",
    dataset: "数据集",
    created: "开始时间",
  },
  tableLabel: "搜索，最新在前",

  newTitle: "新建搜索",
  newIntro: "从预设开始。表单、YAML 和命令始终一致。",
  start: "开始搜索",
  notStarted: "搜索无法开始",
  notResolved: "无法检查设置",
  preset: "预设",
  recommended: "推荐",
  presetNames,
  presetTexts,
  back: "全部搜索",

  long: {
    title: "这需要超过一天",
    text: (time) => `在这台计算机上大约需要 ${time}。预设“快速”和“过夜”用时较少。运行可以随时暂停、停止和继续。`,
    unknown: "这台计算机上还没有测过时间；在两个普通核心上会超过一天。预设“快速”和“过夜”用时较少。",
    action: "仍然开始",
  },

  yaml: "以 YAML 表示",
  yamlNote: "只列与默认不同的",
  yamlEmpty: "# 与默认没有不同",
  line: (line) => `第 ${line} 行：`,
  command: "以命令表示",
  copyCommand: "复制命令",
  off: "关",
  sampleSet: "样例集（内置）",

  picture: {
    title: "搜索空间的图示",
    cell: (nodes, edges, operations) => `单元有 ${nodes} 个节点；${edges} 条边上各有候选 ${operations}`,
    widths: (layers, factors) => `${layers} 层的宽度 ${factors}`,
    stem: "主干",
    counts: {
      nodes: { label: "节点", fewer: "减少节点", more: "增加节点" },
      layers: { label: "层", fewer: "减少层", more: "增加层" },
      widthFactors: { label: "宽度", fewer: "减少宽度", more: "增加宽度" },
    },
    operations: "每条边上的候选操作",
  },

  cost: {
    title: "在此处的代价",
    time: "时间",
    memory: "内存",
    parameters: "参数",
    multiplyAdds: "每像素乘加次数",
    steps: "步数",
    available: "可用内存",
    about: (value) => `约 ${value}`,
    noBasis: "这台计算机上还没有测量过，因此不知道时间。",
    otherKinds: {
      search: (runs) => `还没有用此引擎测过训练：由 ${runs} 次搜索粗略估计。`,
      train: (runs) => `还没有用此引擎测过搜索：由 ${runs} 次训练粗略估计。`,
    },
    timing: "计时：正以这个网络计算一秒钟…",
    timed: {
      alone: "已在此以这个网络计算一秒钟得出。",
      beside_a_run: "已在此以这个网络计算一秒钟得出，当时另有运行在进行；单独运行会更快。",
    },
    sameSize: "时间依据先前同样大小的运行。",
    otherSizes: (runs) => `时间由先前 ${runs} 个其他大小的运行推算。`,
    tooLarge: "所需内存超过现有可用内存。更小的图像块、批次或更少的滤波器需要较少内存。",
  },

  groups,
  groupHelp,
  settingNames,
  settingHelp,
  choices,
};
