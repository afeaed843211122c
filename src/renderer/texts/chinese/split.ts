import type { Catalogue } from "#renderer/texts/english.ts";

export const splitTexts: Catalogue["cockpit"]["split"] = {
  title: "每张照片的去向",
  note: "运行从未见过测试部分的照片",
  noteWithoutTest: "没有为测试保留照片",
  none: "这个运行开始时，运行还不记录划分。",
  parts: { weights: "权重", architecture: "架构", training: "训练", validation: "验证", test: "测试" },
  part: (name, count) => `${name} ${count}`,
  more: (count) => `另有 ${count} 张`,
  look: "查找近似重复",
  seenBefore: (network, count, first) =>
    `本训练以网络 ${network} 为起点，而它曾学习过本训练用来测量的 ${count} 张照片（如 ${first}）。这些照片上的数值偏高。`,
  sameSet: (network, dataset) =>
    `本训练以网络 ${network} 为起点，它也是在 ${dataset} 上训练的，但没有记录用了哪些照片。它可能见过本训练用来测量的照片。`,
  notRead: "无法读取运行的划分",
  notLooked: "无法比较照片",
};
