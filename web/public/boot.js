// Runs before the first paint, as a file of its own because the content policy forbids inline scripts:
// without it a dark page would flash white.
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("bihuan.preferences") || "{}");
  } catch {
    // Defaults.
  }
  const dark =
    kept.theme === "dark" || (kept.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.lang = kept.language === "en" ? "en" : "zh-CN";
})();
