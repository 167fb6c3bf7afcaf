"""What the page of a folded network says beyond others, in English and Chinese."""

from __future__ import annotations

from ..support.languages import LANGUAGES


def network_words_of(lang: str) -> dict[str, str]:
    """Return the phrases of a language by their names."""
    return {name: phrases[LANGUAGES.index(lang)] for name, phrases in _WORDS.items()}


_WORDS = {
    "title": ("{output}, a live network", "{output}：实时神经网络"),
    "label": (
        "The network behind {output}, whose weights and data can be changed",
        "得到 {output} 的神经网络，权重和数据都可以改变",
    ),
    "hint": (
        "Drag an arrow, which is a weight, or a number sideways. Click an arrow or a neuron for its numbers.",
        "左右拖动箭头（即权重）或数字。点击箭头或神经元，可看到那里的计算。",
    ),
    "hint_plane": (
        "Drag an arrow, which is a weight, or a number sideways, and the point in the plane. Click an arrow "
        "or a neuron for its numbers.",
        "左右拖动箭头（即权重）或数字，也可以在平面上拖动数据点。点击箭头或神经元，可看到那里的计算。",
    ),
    "target": ("target", "目标"),
    "loss": ("loss", "损失"),
    "out": ("output", "输出"),
    "layer": ("layer {number}", "第 {number} 层"),
    "linear": ("linear", "线性"),
    "operations": ("{count} operations", "{count} 个运算"),
    "leaves": ("Data, number by number", "数据的各个数值"),
    "table": ("Table of all weights and biases", "所有权重和偏置的表"),
    "whole": ("Whole network", "整个网络"),
    "arrows": ("Arrows show", "箭头显示"),
    "by_gradient": ("gradients", "梯度"),
    "by_weight": ("weights", "权重"),
    "points": ("Numbers of", "数值来自"),
    "all_points": ("all {count} points: mean, sum of gradients", "全部 {count} 个点：均值与梯度之和"),
    "one_point": ("point {number}", "第 {number} 个点"),
    "plane": ("Output {name} over {x} and {y}", "{x}、{y} 平面上的输出 {name}"),
    "curve": ("{output}, {count} steps", "{output}，{count} 步"),
    "output_choice": ("Output", "输出"),
    "point": ("Data point", "数据点"),
    "numbered": ("Data point {number}", "第 {number} 个数据点"),
    "at": ("{x} = {a}, {y} = {b}", "{x} = {a}，{y} = {b}"),
    "point_keys": ("arrow keys move it", "按方向键移动"),
    "aims": ("target {value}", "目标 {value}"),
    "moved_point": ("{at}: {output} = {result}", "{at}：{output} = {result}"),
    "weight_card": ("{name} = {value}, gradient {gradient}; from {tail} to {head}",
                    "{name} = {value}，梯度 {gradient}；从 {tail} 到 {head}"),
    "weight_keys": (
        "arrow up and down change it, left and right go to the neuron's other weights, Enter to type",
        "按上下方向键改变，按左右方向键到该神经元的其他权重，按回车键输入",
    ),
    "neuron_keys": (
        "Enter for its numbers, arrow up and down for its weights",
        "按回车键看其中的计算，按上下方向键到它的权重",
    ),
    "neuron": ("Neuron {name}", "神经元 {name}"),
    "weight": ("Weight {name}, from {tail} to {head}", "权重 {name}：从 {tail} 到 {head}"),
    "arrow": ("From {tail} to {head}", "从 {tail} 到 {head}"),
    "of_point": ("point {number} of {count}", "第 {number} 个点，共 {count} 个"),
    "input": ("input", "输入"),
    "weight_head": ("weight", "权重"),
    "product_head": ("product", "乘积"),
    "slope_head": ("through", "经过"),
    "backward": ("Backward", "反向"),
    "bias": ("bias", "偏置"),
    "sum_head": ("Sum z", "加权和 z"),
    "activation": ("Activation", "激活"),
    "back": ("Chain rule", "链式法则"),
    "forward_product": ("Forward", "前向"),
    "gradient_sum": ("Sum", "合计"),
    "more": ("… and {count} more", "…… 另有 {count} 项"),
}  # fmt: skip
"""Each phrase in the languages, in their order."""
