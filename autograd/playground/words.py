"""What the page says, in English and Chinese. In braces stand places, which the page fills."""

from __future__ import annotations

from ..support.languages import LANGUAGES


def all_words() -> dict[str, dict[str, str]]:
    """Return the phrases by language and name."""
    return {lang: {name: both[i] for name, both in _WORDS.items()} for i, lang in enumerate(LANGUAGES)}


_WORDS = {
    "title": ("autograd: the playground", "autograd 演练场"),
    "subtitle": (
        "Write a formula or a program; it runs here, in your browser.",
        "写下公式或程序，就在这个浏览器里运行。",
    ),
    "scripts_off": ("The playground needs JavaScript.", "演练场需要 JavaScript。"),
    "language": ("中文", "English"),
    "language_label": ("中文 (change the language)", "English（切换语言）"),
    "formula": ("Formula", "公式"),
    "values": ("Values", "取值"),
    "show": ("Show", "显示"),
    "view": ("Show as", "显示方式"),
    "live": ("Live", "实时"),
    "steps": ("Steps", "步骤"),
    "picture": ("Picture", "图"),
    "chain": ("Chain rule", "链式法则"),
    "value": ("value", "值"),
    "derivative": ("derivative", "导数"),
    "variable": ("variable", "变量"),
    "example": ("Example", "示例"),
    "own": ("Your program", "你的程序"),
    "program": ("Program", "程序"),
    "editor": (
        "Program, in Python. Tab indents; Escape, then Tab leaves the editor.",
        "Python 程序。按 Tab 缩进；先按 Esc 再按 Tab 可离开编辑器。",
    ),
    "run": ("Run", "运行"),
    "run_keys": ("Run (Ctrl+Enter)", "运行（Ctrl+Enter）"),
    "stop": ("Stop", "停止"),
    "link": ("Copy link", "复制链接"),
    "copied": ("The link is copied; it has the whole program.", "链接已复制，其中含有整个程序。"),
    "link_here": (
        "The link is in the address bar; it has the whole program.",
        "链接在地址栏中，含有整个程序。",
    ),
    "from_link": (
        "This program came with the link. Read it, then press Run.",
        "这个程序来自链接。请先读一遍，再按“运行”。",
    ),
    "bad_link": ("The link is damaged: there is no program in it.", "链接已损坏，其中没有程序。"),
    "output": ("Output", "输出"),
    "nothing": ("What a program shows appears here.", "程序的输出显示在这里。"),
    "loading": ("Loading Python: {percent} %", "正在加载 Python：{percent} %"),
    "starting": ("Starting Python", "正在启动 Python"),
    "ready": ("Ready", "就绪"),
    "ready_after": ("Ready after {seconds} s", "就绪，用时 {seconds} 秒"),
    "running": ("Running", "正在运行"),
    "done": ("Done in {seconds} s", "完成，用时 {seconds} 秒"),
    "failed": ("Ended with an error after {seconds} s", "出错，用时 {seconds} 秒"),
    "stopped": ("Stopped; Python starts anew.", "已停止，Python 正在重新启动。"),
    "waiting": ("It will run as soon as Python is loaded.", "Python 加载完毕后立即运行。"),
    "no_python": ("Python could not be loaded: {error}", "Python 加载失败：{error}"),
    "from_file": (
        "Opened as a file, this page cannot load Python. Serve its folder: python -m http.server",
        "以文件方式打开时，本页无法加载 Python。请用服务器打开所在文件夹：python -m http.server",
    ),
    "loss": ("loss", "损失"),
    "step": ("step", "步"),
    "loss_curve": ("Loss after {step} steps: {loss}", "第 {step} 步的损失：{loss}"),
    "not_finite": ("no finite number", "不是有限的数"),
    "boundary": (
        "What is predicted all over the plane, from {low} to {high}, and the data",
        "整个平面上的预测值，从 {low} 到 {high}，以及数据点",
    ),
    "plane": ("prediction", "预测值"),
}
"""Each phrase in the languages, in their order."""
