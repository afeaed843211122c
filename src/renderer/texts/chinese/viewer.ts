import type { Catalogue } from "#renderer/texts/english.ts";

export const viewerTexts: Catalogue["viewer"] = {
  failed: "无法显示图片",
  noAnswer: "实验室没有应答。",
  zoom: "缩放",
  fit: "适合窗口",
  wipe: "两张图片之间的分界线",
  loupe: "指针处的放大镜",
  keys: "方向键移动，加减键缩放，0 适合窗口。",
  shortcuts: {
    move: "有焦点的图片：移动",
    zoom: "有焦点的图片：放大、缩小",
    fit: "有焦点的图片：显示全部",
  },
};
