import eslint from "@eslint/js";
import vue from "eslint-plugin-vue";
import { defineConfig, globalIgnores } from "eslint/config";
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

/** Forbids folders of src/main by name. */
function banMain(folders: string, message: string): Ban {
  return { regex: `^#main/(${folders})(/|\\.)`, message };
}

/** Forbids folders of src/main/compute by name. */
function banCompute(folders: string, message: string): Ban {
  return { regex: `^#main/compute/(${folders})/`, message };
}

const COMPUTE_BANS = [
  PARENT,
  ELECTRON,
  banMain(
    "lab|store|shell|server|cli|photos|config",
    "The compute process gets plain data by its protocol; order and state belong to src/main/lab.",
  ),
];
const TOP = "search|train|evaluate|denoise";
const HOST_SIDE = banMain(
  "compute/(?!host|protocol)[^.]*",
  "Tensors stay in the compute process: ask it through src/main/compute/host.ts.",
);

/** Who may import whom. One file is held by the last zone that names it, so each zone states all its bans. */
const ZONES: readonly Zone[] = [
  { files: ["src/**"], bans: [PARENT, ELECTRON, TENSORS] },
  {
    files: ["src/shared/**"],
    bans: [
      PARENT,
      {
        regex: "^(?!#shared/|\\./|\\.\\./|zod$|@noble/hashes/|@dagrejs/dagre$)",
        message:
          "src/shared runs anywhere: it imports only #shared/, zod and pure packages, no Node, DOM, Electron or tensors.",
      },
    ],
  },
  {
    files: ["src/renderer/**"],
    bans: [
      PARENT,
      ELECTRON,
      TENSORS,
      MAIN,
      { regex: "^node:", message: "The window has no Node: ask the lab through #shared/api." },
    ],
  },
  { files: ["src/main/index.ts"], bans: [PARENT, ELECTRON, TENSORS, HOST_SIDE] },
  { files: ["src/main/shell/**"], bans: [PARENT, TENSORS, HOST_SIDE] },
  {
    files: ["src/main/files/**"],
    bans: [
      PARENT,
      ELECTRON,
      TENSORS,
      { regex: "^#main/(?!files/)", message: "src/main/files is the lowest layer: it imports only #shared/ and Node." },
    ],
  },
  {
    files: ["src/main/store/**", "src/main/photos/**", "src/main/config/**"],
    bans: [
      PARENT,
      ELECTRON,
      TENSORS,
      {
        regex: "^#main/(?!(files|store|photos|config)/)",
        message: "The store, photos and settings know nothing of order or tensors: src/main/lab calls them.",
      },
    ],
  },
  {
    files: ["src/main/lab/**"],
    bans: [
      PARENT,
      ELECTRON,
      TENSORS,
      HOST_SIDE,
      banMain("shell|server|cli", "The lab does not know who asks: results and events go out by its contract."),
    ],
  },
  {
    files: ["src/main/cli/**", "src/main/server/**", "src/main/cli.ts"],
    bans: [
      PARENT,
      ELECTRON,
      TENSORS,
      HOST_SIDE,
      banMain("shell|store(?!/labHome)", "Ask src/main/lab: it owns order and state."),
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
    files: ["src/main/compute/kernels/**"],
    bans: [
      ...COMPUTE_BANS,
      banCompute(`layers|ops|supernet|network|${TOP}`, "Kernels lie under layers and know nothing above them."),
    ],
  },
  {
    files: ["src/main/compute/layers/**"],
    bans: [
      ...COMPUTE_BANS,
      banCompute(`ops|supernet|network|${TOP}`, "Layers lie under ops, and ops under the supernet and the network."),
    ],
  },
  {
    files: ["src/main/compute/ops/**"],
    bans: [...COMPUTE_BANS, banCompute(`supernet|network|${TOP}`, "Ops lie under the supernet and the network.")],
  },
  {
    files: ["src/main/compute/supernet/**"],
    bans: [
      ...COMPUTE_BANS,
      banCompute(
        `network|${TOP}`,
        "The supernet knows neither the network nor who trains it: share through layers or ops.",
      ),
    ],
  },
  {
    files: ["src/main/compute/network/**"],
    bans: [
      ...COMPUTE_BANS,
      banCompute(
        `supernet|${TOP}`,
        "The network knows neither the supernet nor who trains it: share through layers or ops.",
      ),
    ],
  },
  {
    files: ["src/main/compute/checkpoint/**"],
    bans: [
      ...COMPUTE_BANS,
      banCompute(`supernet|network|${TOP}`, "A checkpoint stores variables by name, whoever owns them."),
    ],
  },
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
