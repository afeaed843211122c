import type { Catalogue } from "#renderer/texts/english.ts";

export const frameTexts: Catalogue["frame"] = {
  product: "HiNAS Lab",
  skipToContent: "跳到内容",
  rooms: "房间",
  messages: "消息",
  theme: { label: "颜色", light: "浅色", dark: "深色", system: "跟随系统" },
  noJobs: "没有任务在运行",
  showJob: (name) => `显示 ${name}`,
  narrowMenu: "收窄菜单",
  widenMenu: "展开菜单",
  connecting: "正在连接实验室…",
  lost: "实验室没有应答：连接已断开，或其服务器已结束。若服务器仍在工作，运行会继续；否则每个运行都保有最后的检查点。本窗口会自行恢复。",
  ended: "实验室的服务器已结束。各运行已保存检查点并停止。请重新启动 `hinas serve`，本窗口会自行恢复。",
  refused: "实验室拒绝了本窗口：令牌已更换。请用 `hinas serve` 打印的地址打开。",
  roomFailed: "无法显示这个房间",
  roomNotLoaded: (why) => `它的代码没有送达，程序可能已经更新。重试会重新加载窗口。（${why}）`,
};

export const roomTexts: Catalogue["rooms"] = {
  home: "首页",
  datasets: "数据集",
  noise: "噪声台",
  search: "搜索",
  architectures: "架构",
  train: "训练与评测",
  compare: "比较",
  denoise: "去噪",
  studies: "研究",
  settings: "设置",
};

export const actionTexts: Catalogue["actions"] = {
  cancel: "取消",
  close: "关闭",
  tryAgain: "重试",
  copy: "复制",
  copied: "已复制",
  remove: "移除",
  save: "保存",
  add: "添加",
  pause: "暂停",
  resume: "继续",
  stop: "停止",
  start: "开始",
  more: "更多操作",
  open: "打开",
};

export const statusTexts: Catalogue["status"] = {
  loading: "正在加载…",
  failed: "未能成功",
  unknown: "未知",
  none: "–",
  left: (duration) => `约剩 ${duration}`,
};

export const runStateTexts: Catalogue["runStates"] = {
  queued: "排队中",
  preparing: "准备中",
  running: "运行中",
  paused: "已暂停",
  finished: "已完成",
  failed: "失败",
  stopped: "已停止",
  interrupted: "被中断",
};

export const runKindTexts: Catalogue["runKinds"] = { search: "搜索", train: "训练" };

export const taskKindTexts: Catalogue["taskKinds"] = { import: "导入", evaluation: "评测", denoise: "去噪" };

export const taskStateTexts: Catalogue["taskStates"] = {
  queued: "等待设备",
  running: "进行中",
  paused: "已暂停",
  finished: "完成",
  failed: "失败",
  cancelled: "已取消",
};

export const listTexts: Catalogue["lists"] = {
  filter: "筛选",
  count: (matching, total) => (matching === total ? `${total}` : `${matching} / ${total}`),
  columns: "列",
  copyAs: (format) => `复制为 ${format}`,
  saveAs: (format) => `保存为 ${format}`,
  tableMenu: (caption) => `列与文件：${caption}`,
  noMatch: "没有匹配项",
  noMatchText: "没有一行同时包含这些词。",
  more: (rows) => `再显示 ${rows} 行`,
};

export const momentTexts: Catalogue["moments"] = {
  now: "刚刚",
  minutesAgo: (minutes) => `${minutes} 分钟前`,
  today: (clock) => `今天 ${clock}`,
};
