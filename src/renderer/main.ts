import { createPinia } from "pinia";
import { createApp } from "vue";
import { z } from "zod";

import { connectLab, LAB_CONNECTION } from "#renderer/lab/labApi.ts";
import { buildRouter } from "#renderer/routing/router.ts";
import { readLanguage } from "#renderer/texts/language.ts";
import "#renderer/styles/base.css";
import "#renderer/styles/menus.css";

import App from "./App.vue";

// The page may not compile code, so schemas must not try to.
z.config({ jitless: true });

document.documentElement.lang = readLanguage();

createApp(App).provide(LAB_CONNECTION, connectLab()).use(createPinia()).use(buildRouter()).mount("#app");
