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
  pair: (test, training) => `${test} 与 ${training} 是同一张图片`,
  notRead: "无法读取运行的划分",
  notLooked: "无法比较照片",
};
