// Each page begins where its HTML stands: a graph, or a folded network.
const script = document.currentScript;
const here = script && script.closest(".autograd-live");
for (const host of here ? [here] : document.querySelectorAll(".autograd-live")) {
  if (host.shadowRoot) continue;
  const data = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
  new (data.network ? NetworkPlay : Play)(host, data, host.querySelector("style"), host.querySelector("img"));
}
