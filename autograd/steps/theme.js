// Light or dark, as the notebook has it, or else the system.

function followTheme(root) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const choose = () => {
    const lab = document.body.dataset.jpThemeLight; // JupyterLab's own, and its exports'
    const code = document.body.dataset.vscodeThemeKind;
    root.classList.toggle("dark", lab ? lab === "false" : code ? !code.includes("light") : dark.matches);
  };
  dark.addEventListener("change", choose);
  new MutationObserver(choose).observe(document.body, { attributes: true });
  choose();
}
