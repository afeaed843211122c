import eslint from "@eslint/js";
import vue from "eslint-plugin-vue";
import { defineConfig, globalIgnores } from "eslint/config";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

interface Ban {
  /** Matched against what stands in the import. */
  readonly regex: string;
  readonly message: string;
}

interface Zone {
  readonly files: readonly string[];
  readonly ignores?: readonly string[];
  readonly bans: readonly Ban[];
}

const PARENT: Ban = {
  regex: "^\\.\\./",
  message: "Across folders import by #shared/ or #main/; relative imports stay inside one folder.",
};
const ELECTRON: Ban = { regex: "^electron($|/)", message: "Electron belongs to src/main/shell only." };
const TENSORS: Ban = {
  regex: "^@tensorflow/",
  message: "Only src/main/compute knows tensors: put this there and pass plain data.",
};
const MAIN: Ban = {
  regex: "^#main/",
  message: "This side must not import from src/main: talk to the lab by #shared/api.",
};

/** What is banned nearly everywhere. */
const BASE = [PARENT, ELECTRON, TENSORS];

/** Forbids folders of src/main by name. */
function banMain(folders: string, message: string): Ban {
  return { regex: `^#main/(${folders})(/|\\.)`, message };
}

/** Zones of one part of the tree: in which files, besides what is banned in the whole part, which of its folders are banned. */
function buildLayers(
  part: string,
  bans: readonly Ban[],
  rows: readonly (readonly [files: string, folders: string, message: string])[],
): readonly Zone[] {
  return rows.map(([files, folders, message]) => ({
    files: [`src/${part}/${files}`],
    bans: [...bans, { regex: `^#${part}/(${folders})/`, message }],
  }));
}

const SHARED_BANS = [
  PARENT,
  {
    regex: "^(?!#shared/|\\./|\\.\\./|zod$|@noble/hashes/|@dagrejs/dagre$)",
    message:
      "src/shared runs anywhere: it imports only #shared/, zod and pure packages, no Node, DOM, Electron or tensors.",
  },
];

const RENDERER_BANS = [
  ...BASE,
  MAIN,
  { regex: "^node:", message: "The window has no Node: ask the lab through #shared/api." },
];

const COMPUTE_BANS = [
  PARENT,
  ELECTRON,
  banMain(
    "lab|store|shell|server|cli|photos|config",
    "The compute process gets plain data by its protocol; order and state belong to src/main/lab.",
  ),
];
/** Folders of src/main/compute that run what the others build. */
const TOP = "search|train|denoise|job|doctor";
const HOST_SIDE = banMain(
  "compute/(?!host|protocol)[^.]*",
  "Tensors stay in the compute process: ask it through src/main/compute/host.ts.",
);

const LAB_BANS = [
  ...BASE,
  HOST_SIDE,
  banMain("shell|server|cli|api", "The lab does not know who asks: results and events go out by its contract."),
];

/** Who may import whom. One file is held by the last zone that names it, so each zone states all its bans. */
const ZONES: readonly Zone[] = [
  { files: ["src/**"], bans: [...BASE] },
  { files: ["src/shared/**"], bans: SHARED_BANS },
  ...buildLayers("shared", SHARED_BANS, [
    ["*", "\\w+", "What all of src/shared stands on imports none of its folders."],
    [
      "random/**",
      "image|space|runs|studies|api",
      "Random numbers lie under all that draws them: image, space, runs and api.",
    ],
    ["statistics/**", "image|space|runs|studies|api", "Statistics are about numbers, whatever was measured."],
    [
      "image/**",
      "space|runs|studies|api",
      "Pictures know nothing of architectures and runs: put this in src/shared/runs.",
    ],
    [
      "space/**",
      "runs|studies|api",
      "Architectures know nothing of runs: src/shared/runs and src/shared/api read them.",
    ],
    ["runs/**", "studies|api", "Runs lie under the contract: what both need belongs to src/shared/runs."],
    ["studies/**", "api", "Studies lie under the contract: what both need belongs to src/shared/studies."],
  ]),
  { files: ["src/renderer/**"], bans: RENDERER_BANS },
  ...buildLayers("renderer", RENDERER_BANS, [
    [
      "{stores,lab,files,format,texts}/**",
      "components|run|views|frame",
      "What is shown reads this, never the reverse.",
    ],
    [
      "components/**",
      "run|views|frame",
      "Components lie under src/renderer/run and src/renderer/views: pass it as a prop.",
    ],
    ["run/**", "views|frame", "Following a run lies under src/renderer/views: what views share belongs here."],
    ["frame/**", "views", "The frame reaches views by src/renderer/routing only."],
  ]),
  { files: ["src/main/index.ts"], bans: [...BASE, HOST_SIDE] },
  { files: ["src/main/shell/**"], bans: [PARENT, TENSORS, HOST_SIDE] },
  {
    files: ["src/main/files/**"],
    bans: [
      ...BASE,
      { regex: "^#main/(?!files/)", message: "src/main/files is the lowest layer: it imports only #shared/ and Node." },
    ],
  },
  {
    files: ["src/main/processes/**"],
    bans: [
      ...BASE,
      { regex: "^#main/", message: "The starter stays small: it imports only #shared/ and Node, and knows no work." },
    ],
  },
  {
    files: ["src/main/store/**", "src/main/photos/**", "src/main/config/**"],
    bans: [
      ...BASE,
      {
        regex: "^#main/(?!(files|store|photos|config)/)",
        message: "The store, photos and settings know nothing of order or tensors: src/main/lab calls them.",
      },
    ],
  },
  { files: ["src/main/lab/**"], bans: LAB_BANS },
  {
    files: ["src/main/lab/*/**"],
    bans: [
      ...LAB_BANS,
      { regex: "^#main/lab/lab\\.", message: "src/main/lab/lab.ts puts the subjects together; none asks it." },
    ],
  },
  {
    files: ["src/main/api/**"],
    bans: [
      ...BASE,
      HOST_SIDE,
      banMain("shell|server|cli|store|lab", "The door to the lab knows its contract and not who carries it."),
    ],
  },
  {
    files: ["src/main/cli/**", "src/main/server/**", "src/main/cli.ts"],
    bans: [
      ...BASE,
      HOST_SIDE,
      banMain("shell|store(?!/labHome|/serveToken)", "Ask src/main/lab: it owns order and state."),
    ],
  },
  {
    files: ["src/main/engine/**"],
    bans: [
      ...COMPUTE_BANS,
      {
        ...TENSORS,
        message:
          "Installing the engine works without it: only src/main/compute/engine/loadEngine.ts imports TensorFlow.js.",
      },
      banMain("compute", "The engine's host side finds and installs it; src/main/compute runs it."),
    ],
  },
  { files: ["src/main/compute/**"], bans: COMPUTE_BANS },
  {
    files: ["src/main/compute/{host,channel,protocol}.ts"],
    bans: [
      ...COMPUTE_BANS,
      TENSORS,
      {
        regex: "^(#main/compute|\\.)/[^.]+/",
        message: "The lab's process loads this: tensors stay behind src/main/compute/worker.ts.",
      },
    ],
  },
  ...buildLayers("main/compute", COMPUTE_BANS, [
    [
      "kernels/**",
      `engine|layers|ops|supernet|network|learning|${TOP}`,
      "Kernels lie under layers and all above them.",
    ],
    ["engine/**", `layers|ops|supernet|network|learning|${TOP}`, "The engine gives kernels; layers are built on them."],
    ["layers/**", `ops|supernet|network|learning|${TOP}`, "Layers lie under ops, and ops under supernet and network."],
    ["ops/**", `supernet|network|learning|${TOP}`, "Ops lie under the supernet and the network."],
    [
      "supernet/**",
      `network|learning|${TOP}`,
      "The supernet knows neither the network nor who trains it: share through layers or ops.",
    ],
    [
      "network/**",
      `supernet|learning|${TOP}`,
      "The network knows neither the supernet nor who trains it: share through layers or ops.",
    ],
    ["learning/**", TOP, "What is learned with lies under src/main/compute/search and train."],
    [
      "job/**",
      "supernet|network|search|train|denoise|doctor",
      "A job is filled in by src/main/compute/search and train: it gets what they do as functions.",
    ],
    [
      "{train,denoise}/**",
      "supernet|search",
      "A derived network knows no search: share through src/main/compute/learning.",
    ],
    ["checkpoint/**", `supernet|network|learning|${TOP}`, "A checkpoint stores variables by name, whoever owns them."],
  ]),
];

const SYNTAX_BANS = [
  { selector: "ExportDefaultDeclaration", message: "No default exports: a name is spelled once." },
  { selector: "ExportAllDeclaration", message: "No barrel files: import from where it is written." },
  { selector: "ExportNamedDeclaration[source]", message: "No barrel files: import from where it is written." },
];

/** The same ban for `import()`, which no-restricted-imports does not look at. */
function toDynamicBan({ regex, message }: Ban): { selector: string; message: string } {
  return { selector: `ImportExpression[source.value=/${regex.replaceAll("/", "\\x2F")}/]`, message };
}

export default defineConfig(
  globalIgnores(["node_modules/", "out/", "coverage/"]),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  vue.configs["flat/essential"],
  {
    languageOptions: {
      parserOptions: {
        project: ["shared", "main", "renderer", "tests"].map((side) => `tsconfig.${side}.json`),
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".vue"],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Our contracts are interfaces of plain objects, whose functions may be taken out of them.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // A contract may promise what one side of it has at hand; async turns its errors into rejections.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: { "no-undef": "off" },
  },
  // What older Nodes can read is no TypeScript.
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { URL: false, process: false } },
  },
  {
    files: ["src/**", "tests/**"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts", ".vue"],
      "import-x/parsers": { "vue-eslint-parser": [".ts", ".vue"] },
      "import-x/resolver-next": [createNodeResolver()],
    },
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // The router loads pages, which link to each other by the router's table. tests/tooling/importCycles.test.ts has types too.
    rules: { "import-x/no-cycle": ["error", { ignoreExternal: true, allowUnsafeDynamicCyclicDependency: true }] },
  },
  // Only vue-tsc sees the types of .vue files.
  { files: ["src/renderer/main.ts", "tests/renderer/**"], rules: { "@typescript-eslint/no-unsafe-argument": "off" } },
  {
    files: ["src/**/*.ts", "src/**/*.vue"],
    rules: {
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 60],
    },
  },
  {
    files: ["tests/**"],
    rules: {
      "max-lines": ["error", 300],
      "@typescript-eslint/no-non-null-assertion": "off",
      // Matchers such as expect.any are typed any by vitest.
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
  ZONES.map(({ files, ignores = [], bans }) => ({
    files: [...files],
    ignores: [...ignores],
    rules: {
      "no-restricted-imports": ["error", { patterns: [...bans] }],
      "no-restricted-syntax": ["error", ...SYNTAX_BANS, ...bans.map(toDynamicBan)],
    } as const,
  })),
);
