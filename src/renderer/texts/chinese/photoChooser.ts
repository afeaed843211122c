import type { Catalogue } from "#renderer/texts/english.ts";

export const photoChooserTexts: Catalogue["photoChooser"] = {
  dataset: "数据集",
  photos: "数据集的照片",
  notListed: "无法列出照片",
  none: "这个数据集没有照片",
  chosen: (count) => `已选 ${count} 张照片`,
  take: "使用这些",
  takeOne: "使用这张",
  title: "选择数据集的照片",
  titleOne: "选择一张照片",
};
