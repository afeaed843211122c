import type { Catalogue } from "#renderer/texts/english.ts";

export const boardTexts: Catalogue["board"] = {
  panels: "面板",
  shown: (shown, all) => (shown === all ? "全部面板" : `${all} 个面板中的 ${shown} 个`),
  reset: "恢复最初的排列",
  arrange: (title) => `排列“${title}”`,
  enlarge: "放大",
  reduce: "恢复原来大小",
  earlier: "前移",
  later: "后移",
  hide: "隐藏",
};
