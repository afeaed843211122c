import { createPinia } from "pinia";
import { createApp } from "vue";

import App from "#renderer/App.vue";
import { connectLab, LAB_CONNECTION } from "#renderer/labApi.ts";
import { buildRouter } from "#renderer/routing/router.ts";

import "#renderer/styles/base.css";

createApp(App).provide(LAB_CONNECTION, connectLab()).use(createPinia()).use(buildRouter()).mount("#app");
