"""The words of plots and films in two languages, English and Chinese, and names as they can be shown."""

from __future__ import annotations

from ..support.text import shortened
from . import fonts
from .errors import require_matplotlib

LANGUAGES = ("en", "zh")
LONGEST_NAME = 32


class Words:
    """The words of a plot in a language that can be shown; English where no font has Chinese characters.

    Args:
        lang: "en" or "zh".
        elsewhere: the text is shown by a browser, which has fonts of its own, so that names of any script
            are kept.

    Attributes:
        lang: the language that is used.
        fonts: the families to use, the first one first.
        elsewhere: whether a browser shows the text.

    Raises:
        ValueError: there is no such language.
        PlotError: Matplotlib is not installed.
    """

    def __init__(self, lang: str = "en", elsewhere: bool = False) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"plots are in 'en' (English) or 'zh' (Chinese), not in {lang!r}")
        require_matplotlib()
        chinese = fonts.chinese_font()
        self.fonts = ["DejaVu Sans"] + ([chinese] if chinese else [])
        self.lang = lang if chinese else "en"
        self.elsewhere = elsewhere

    def __call__(self, english: str, **names: object) -> str:
        """Return a phrase in the language; `names` are put in place of the {...} in it."""
        phrase = CHINESE[english] if self.lang == "zh" else english
        return phrase.format(**names)

    def name(self, name: str, otherwise: str) -> str:
        """Return a name of the user's as it can be shown, or `otherwise` where no font has its characters."""
        short = shortened(name, LONGEST_NAME)
        return short if self.elsewhere or fonts.can_show(short, self.fonts) else otherwise


CHINESE = {
    "minibatch": "小批量",
    "minibatches, averaged": "小批量，滑动平均",
    "test rows": "测试集",
    "step": "步数",
    "cross-entropy": "交叉熵",
    "squared error (standardised)": "平方误差（标准化）",
    "Loss while learning {target}": "学习 {target} 时的损失",
    "Loss": "损失",
    "{target}, as predicted": "对 {target} 的预测",
    "black rims: test rows": "黑边：测试集",
    "×: predicted wrongly": "×：预测错误",
    "whole numbers are spread out": "整数值略微散开",
    "the two features that tell most; the other {count} at their mean": (
        "最有影响的两个特征；其余 {count} 个取均值"
    ),
    "the two features that tell most; the other one at its mean": "最有影响的两个特征；另一个取均值",
    "probability": "概率",
    "predicted": "预测值",
    "mean |gradient| of the weights": "权重的平均 |梯度|",
    "mean |gradient|": "平均 |梯度|",
    "Gradient flow by layer": "各层的梯度流",
    "layer {number}": "第 {number} 层",
    "output layer": "输出层",
    "vanishing": "消失",
    "exploding": "爆炸",
    "vanishing: < 1/{limit} of output": "消失：< 输出层的 1/{limit}",
    "exploding: > {limit} × output": "爆炸：> 输出层的 {limit} 倍",
    "no layer vanishes (< 1/{limit} of the output layer's) or explodes (> {limit} times it)": (
        "没有一层消失（< 输出层的 1/{limit}）或爆炸（> 输出层的 {limit} 倍）"
    ),
    "By depth": "按深度",
    "layer": "层",
    "first tenth of the steps": "前十分之一的步数",
    "middle": "中间",
    "last tenth": "后十分之一",
    "step {step} of {steps}": "第 {step} 步，共 {steps} 步",
    "untrained": "未训练",
    "loss {loss}": "损失 {loss}",
    "{wrong} of {rows} rows wrong": "{rows} 行中错 {wrong} 行",
    "RMSE {rmse}": "均方根误差 {rmse}",
    "gradient of {layer}: {ratio} of the output layer's, {verdict}": (
        "{layer}的梯度：输出层的 {ratio}，{verdict}"
    ),
    "gradient of {layer}: zero, vanishing": "{layer}的梯度：零，消失",
    "How {target} is learnt": "怎样学会 {target}",
    "Play": "播放",
    "Pause": "暂停",
    "First frame": "第一帧",
    "Previous frame": "上一帧",
    "Next frame": "下一帧",
    "Last frame": "最后一帧",
    "Speed": "速度",
    "Frame": "帧",
    "Keys: space plays and pauses, ← and → go a frame back and on, Home and End to the ends.": (
        "按键：空格播放或暂停，← → 前后一帧，Home 和 End 到两端。"
    ),
    "Without scripts, this is the last frame: the network as it was at the end.": (
        "脚本未运行，此为最后一帧：训练结束时的网络。"
    ),
    "target": "目标",
    "feature {number}": "特征 {number}",
    "class {number}": "类别 {number}",
}
