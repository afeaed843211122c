import type { Catalogue } from "#renderer/texts/english.ts";

export const chartTexts: Catalogue["charts"] = {
  log: "对数",
  fit: "适应",
  asTable: "显示为表格",
  tableOf: (title) => `${title}（表格）`,
  moreRows: (count) => `这里省略了更早的 ${count} 行；CSV 文件包含全部。`,
  saveCsv: "保存为 CSV",
  copyCsv: "复制为 CSV",
  savePng: "保存为 PNG",
  notSaved: "无法保存图片",
  notRead: "无法读取整个运行",
  notCopied: "无法复制",
  zoomQuarter: "放大最后四分之一",
  zoomTenth: "放大最后十分之一",
  resetZoom: "全部范围",
  smoothing: "平滑",
  xAxis: "横轴",
  byStep: "步",
  byEpoch: "轮",
  byTime: "时间",
  summary: (title, newest) => `${title}。最新值：${newest}`,
};
