import HtmlWebpackPlugin from "html-webpack-plugin";

export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "[name].[contenthash].js", publicPath: "auto" },
  performance: { hints: false },
  plugins: [new HtmlWebpackPlugin({ template: "index.html" })],
};
