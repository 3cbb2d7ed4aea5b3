import js from "@eslint/js"
import reactHooks from "eslint-plugin-react-hooks"
import globals from "globals"
import tseslint from "typescript-eslint"

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-console": "error",
      eqeqeq: ["error", "smart"],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "echarts", message: "Import its parts: the whole of it is ten times what is used." }] },
      ],
    },
  },
  { files: ["scripts/**"], rules: { "no-console": "off" } },
  {
    // A feature never reaches into another one: pages compose, shared parts live in components and lib.
    files: ["src/features/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["../../features/*", "../*/[A-Za-z]*Page"] }] },
  },
)
