"""What the page says, in English and Chinese. In braces stand places, which the page fills."""

from __future__ import annotations

from ..support.languages import LANGUAGES


def words_of(lang: str) -> dict[str, str]:
    """Return the phrases of a language by their names."""
    return {name: phrases[LANGUAGES.index(lang)] for name, phrases in _WORDS.items()}


_WORDS = {
    "title": ("{output}, live", "{output}：实时计算图"),
    "label": ("The graph of {output}, whose numbers can be changed", "{output} 的计算图，数值可以改变"),
    "live": ("Live", "实时"),
    "hint": (
        "Drag a number sideways, move its slider, or type. Click a card or an arrow for its chain rule.",
        "左右拖动数字、移动滑块或直接输入。点击卡片或箭头，可看到那里的链式法则。",
    ),
    "changed": ("{name} = {value}: {output} = {result}", "{name} = {value}：{output} = {result}"),
    "result": ("{output} = {result}", "{output} = {result}"),
    "refused": (
        "“{text}” is no number: write one as 0.5, −3, 1e-4 or 1/3. {name} stays {written}.",
        "“{text}”不是数：请写成 0.5、−3、1e-4 或 1/3。{name} 仍为 {written}。",
    ),
    "stops": (
        "{name} has no value: {operation} gives {error}. What depends on it is not known.",
        "{name} 没有值：{operation} 引发 {error}。依赖于它的值都未知。",
    ),
    "python": (
        "{name} is computed by a function of Python, which this page cannot call; its value is known for the "
        "recorded operands only.",
        "{name} 由 Python 函数计算，本页无法调用；只知道它在记录时的操作数下的值。",
    ),
    "branch": (
        "For these numbers {function} takes another branch: {test} is {now}{numbers}, and was {then} when "
        "recorded. {where}",
        "对于这些数值，{function} 会走另一个分支：{test} 为 {now}{numbers}，而记录时为 {then}。{where}",
    ),
    "numbers": (" ({numbers})", "（{numbers}）"),
    "line": ("Line {line} of {place}.", "见 {place} 第 {line} 行。"),
    "line_text": ("Line {line} of {place}: {source}", "见 {place} 第 {line} 行：{source}"),
    "unseen": (
        "For these numbers {function} has no value: {operation}, which the picture does not show, gives "
        "{error}.",
        "对于这些数值，{function} 没有值：图中没有画出的 {operation} 引发 {error}。",
    ),
    "unseen_python": (
        "{function} calls {name}, a function of Python that the picture does not show and this page cannot "
        "call; its value is known for the recorded operands only.",
        "{function} 调用了图中没有画出的 Python 函数 {name}，本页无法调用；只知道它在记录时的操作数下的值。",
    ),
    "back": ("Back to the last numbers", "回到上一组数值"),
    "picture": ("Picture of the graph", "计算图"),
    "data": ("data", "值"),
    "gradient": ("gradient", "梯度"),
    "data_caption": ("data", "值"),
    "grad_caption": ("grad", "梯度"),
    "node": ("node", "节点"),
    "leaves": ("Numbers to change", "可以改变的数值"),
    "parameter": ("parameter", "参数"),
    "slider": ("{name}, slider", "{name}，滑块"),
    "number": ("{name}, number", "{name}，数值"),
    "card": ("{name} = {value}, gradient {gradient}", "{name} = {value}，梯度 {gradient}"),
    "keys": (
        "arrow up and down change it, Enter to type",
        "按上下方向键改变，按回车键输入",
    ),
    "unknown": ("not known", "未知"),
    "step": ("One step of gradient descent", "梯度下降一步"),
    "train": ("Train", "训练"),
    "pause": ("Pause", "暂停"),
    "reset": ("Reset", "重置"),
    "rate": ("Learning rate", "学习率"),
    "steps": ("Step {count}: {output} = {result}", "第 {count} 步：{output} = {result}"),
    "diverged": (
        "Stopped after {count} steps: {output} has no finite value any more. The learning rate is too large, "
        "or {output} has no minimum.",
        "{count} 步后停止：{output} 不再有有限的值。学习率太大了，或者 {output} 没有最小值。",
    ),
    "grows": (
        "Step {count}: {output} = {result}. It grows: the learning rate may be too large.",
        "第 {count} 步：{output} = {result}。它在增大：学习率可能太大。",
    ),
    "moves": ("moves {names} against the gradient", "沿梯度的反方向移动 {names}"),
    "whole": ("Whole graph", "整个图"),
    "saturated": ("saturated", "饱和"),
    "dead": ("dead", "失活"),
    "saturated_why": (
        "{name} is saturated: its local derivative is {local}, so hardly any gradient flows back through it.",
        "{name} 已饱和：局部导数为 {local}，几乎没有梯度能通过它传回。",
    ),
    "dead_why": (
        "{name} is dead here: its operand is not positive, so its local derivative is 0.",
        "{name} 在此失活：操作数不为正，局部导数为 0。",
    ),
    "forward": ("Forward", "前向"),
    "given": ("{name} is given.", "{name} 是给定的。"),
    "sum": ("Gradient", "梯度"),
    "seed": (
        "The derivative of {output} with respect to itself is 1.",
        "{output} 对自身的导数是 1。",
    ),
    "product": ("From {node}", "来自 {node}"),
    "total": ("Sum", "合计"),
    "chain": ("The chain rule at {name}", "{name} 处的链式法则"),
    "close": ("Close", "关闭"),
    "table": ("Table of all values", "所有值的表"),
    "otherwise": ("otherwise", "否则"),
}
"""Each phrase in the languages, in their order."""
