"""Words in two languages, English and Chinese: one table for all that is shown in words.

A phrase is called by its English text, in which names in braces are places to fill.
"""

from __future__ import annotations

LANGUAGES = ("en", "zh")


def check_language(lang: str) -> None:
    """Raise ValueError unless it is a language that there are words in."""
    if lang not in LANGUAGES:
        raise ValueError(f"lang is 'en' (English) or 'zh' (Chinese), not {lang!r}")


def said(english: str, lang: str, **names: object) -> str:
    """Return a phrase of the table in a language; `names` are put in place of the {...} in it.

    >>> said("step {step} of {steps}", "zh", step=3, steps=10)
    '第 3 步，共 10 步'
    """
    return (CHINESE[english] if lang == "zh" else english).format(**names)


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
    "vanishing": "梯度消失",
    "exploding": "梯度爆炸",
    "vanishing: < 1/{limit} of output": "梯度消失：< 输出层的 1/{limit}",
    "exploding: > {limit} × output": "梯度爆炸：> 输出层的 {limit} 倍",
    "no layer vanishes (< 1/{limit} of the output layer's) or explodes (> {limit} times it)": (
        "没有出现梯度消失（< 输出层的 1/{limit}）或梯度爆炸（> 输出层的 {limit} 倍）"
    ),
    "By depth": "按深度",
    "layer": "层",
    "first tenth of the steps": "前十分之一的步数",
    "middle": "中间",
    "last tenth": "后十分之一",
    "step {step} of {steps}": "第 {step} 步，共 {steps} 步",
    "untrained": "未训练",
    "loss {loss}": "损失 {loss}",
    "{wrong} of {rows} rows wrong": "{rows} 个样本中错 {wrong} 个",
    "RMSE {rmse}": "均方根误差 {rmse}",
    "gradient of {layer}: {ratio} of the output layer's, {verdict}": (
        "{layer}的梯度是输出层的 {ratio} 倍，{verdict}"
    ),
    "gradient of {layer}: zero, vanishing": "{layer}的梯度为零，梯度消失",
    "How {target} is learnt": "{target} 的学习过程",
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
    "{wrong} of {rows} test images are named wrongly": "{rows} 个测试图像中认错 {wrong} 个",
    "{wrong} of {rows} images are named wrongly": "{rows} 个图像中认错 {wrong} 个",
    "; the {shown} worst of them": "，此为其中错得最厉害的 {shown} 个",
    "None of the {rows} test images is named wrongly; the least certain ones": (
        "{rows} 个测试图像全部认对，此为把握最小的几个"
    ),
    "None of the {rows} images is named wrongly; the least certain ones": (
        "{rows} 个图像全部认对，此为把握最小的几个"
    ),
    "{true}, named {said}": "{true}，认作 {said}",
    "{true}": "{true}",
    "{true}: {share}": "{true}：{share}",
    "{true}, named {said}: {share}": "{true}，认作 {said}：{share}",
    "What {count} images are named": "{count} 个图像的识别结果",
    "test images, in the order in which they are learnt": "测试图像，按学会的先后排列",
    "images, in the order in which they are learnt": "图像，按学会的先后排列",
    "; the last {count} are not": "，最后 {count} 个始终没有学会",
    "bars: probabilities; green: the true class; orange: what it is named": (
        "条形：概率；绿色：真实类别；橙色：误认的类别"
    ),
    # Legends of drawings
    "input": "输入",
    "parameter": "参数",
    "computed from others": "由其他值算出",
    "neuron": "神经元",
    "adds to the gradient of where it comes from": "使起点的梯度增大",
    "takes from it (hollow head)": "使起点的梯度减小（空心箭头）",
    "leaves it as it is": "不改变起点的梯度",
    "not a number": "不是数（NaN）",
    "weight with a positive gradient": "梯度为正的权重",
    "weight with a negative gradient (hollow head)": "梯度为负的权重（空心箭头）",
    "weight without a gradient": "没有梯度的权重",
    "positive weight": "正权重",
    "negative weight (hollow head)": "负权重（空心箭头）",
    "weight of 0, or no gradient yet": "权重为 0，或尚无梯度",
    "cells: blue a positive gradient, red a negative one; strong a large one": (
        "单元格：蓝色表示梯度为正，红色表示梯度为负，颜色越深梯度越大"
    ),
    "all weights between two layers, wide where they are large": "两层之间的全部权重，越粗权重越大",
    "all weights between two layers, wide where their gradient is large": "两层之间的全部权重，越粗梯度越大",
    "wide arrows: large ones": "箭头越粗，数值越大",
    "numbers at arrows: weights": "箭头上的数：权重",
    "numbers at arrows: local derivatives": "箭头上的数：局部导数",
    # Worksheets
    "Worksheet: the derivatives of {y}": "练习：{y} 的导数",
    "Fill in the empty cells: the derivative of {y} with respect to the Value of each card. "
    "Go from the result to the inputs. For each arrow, multiply the derivative that is known at "
    "its head by the local derivative along it; at its tail, add what all arrows bring.": (
        "填写空格：{y} 对每张卡片的导数。从结果走向输入：沿每条箭头，"
        "用箭头末端已知的导数乘以箭头上的局部导数；在箭头起点，把各条箭头带来的乘积相加。"
    ),
    "Solution": "答案",
    "The products of the chain rule, in the order of backward()": "链式法则的各个乘积，按 backward() 的顺序",
    # The player
    "Picture of the graph": "计算图",
    "Formulas of this step": "这一步的公式",
    "First step (Home)": "第一步（Home）",
    "Back one step (left arrow)": "上一步（左箭头）",
    "Play (space)": "播放（空格）",
    "Pause (space)": "暂停（空格）",
    "Next step (right arrow)": "下一步（右箭头）",
    "Last step (End)": "最后一步（End）",
    "Step": "步",
    "Whole graph": "整张图",
    "Fill the window, in large type (f)": "铺满窗口，大字显示（f）",
    "Table of running values": "当前数值表",
    "node": "节点",
    "data": "数值",
    "gradient": "梯度",
    "Forward and backward pass of {output}, step by step": "{output} 的前向传播与反向传播，逐步演示",
    "{output}, step by step": "{output}：逐步演示",
    "The graph of {output} with all values and gradients": "{output} 的计算图，含全部数值和梯度",
    "Forward pass": "前向传播",
    "Backward pass": "反向传播",
    "{phase}, step {step} of {steps}": "{phase}，第 {step} 步，共 {steps} 步",
    "From {node} back to {target}: local derivative {local} times gradient {upstream} adds {change}. "
    "The gradient of {target} is now {after}.": (
        "从 {node} 回到 {target}：局部导数 {local} 乘以梯度 {upstream}，得到 {change}。"
        "{target} 的梯度现为 {after}。"
    ),
    "From {node} back to {target}: local derivative {local} times gradient {upstream} adds {change} to "
    "{before}. The gradient of {target} is now {after}.": (
        "从 {node} 回到 {target}：局部导数 {local} 乘以梯度 {upstream}，得到 {change}，加到 {before} 上。"
        "{target} 的梯度现为 {after}。"
    ),
    "Back from the result: the derivative of {output} with respect to itself is 1.": (
        "从结果开始往回走：{output} 对自身的导数为 1。"
    ),
    "{node} is given: {number}.": "{node} 是给定的：{number}。",
    "{node} is computed from {operands}: {number}.": "{node} 由 {operands} 算出：{number}。",
    "This is the result.": "这就是结果。",
    " and ": " 和 ",
    "Local derivative": "局部导数",
    "with numbers": "代入数字",
    "Chain rule": "链式法则",
    "Start": "起点",
    "Given": "给定",
    "Operation": "运算",
    # Steps and explanations
    "forward": "前向",
    "backward": "反向",
    "... {count} steps left out ...": "……省略 {count} 步……",
    "→ next  ← back  Home first  End last  q quit": "→ 下一步  ← 上一步  Home 第一步  End 最后一步  q 退出",
    "where": "其中",
    "walk({y}) shows the others": "其余见 walk({y})",
    "The derivatives of {y} by its {count} inputs.": "{y} 对 {count} 个输入的导数。",
    "{count} more inputs: explain({y}, x) explains the derivative by one of them.": (
        "另有 {count} 个输入：用 explain({y}, x) 解释对其中某一个的导数。"
    ),
    "The chain rule: {d} is the sum over the {count} paths from {x} to {y} "
    "of the product of the local derivatives along each.": (
        "链式法则：从 {x} 到 {y} 共有 {count} 条路径，每条路径上的局部导数相乘，再把各条路径的乘积相加，"
        "就得到 {d}。"
    ),
    "The chain rule: one path leads from {x} to {y}, "
    "and {d} is the product of the local derivatives along it.": (
        "链式法则：从 {x} 到 {y} 只有一条路径，{d} 就是这条路径上各局部导数的乘积。"
    ),
    "The chain rule: {d} is the sum over {count} paths from {x} to {y} "
    "of the product of the local derivatives along each. The {shown} largest:": (
        "链式法则：从 {x} 到 {y} 共有 {count} 条路径，{d} 是各条路径上局部导数乘积之和。"
        "其中贡献最大的 {shown} 条："
    ),
    "{y} does not depend on {x}: {x} is not one of the Values that {y} was computed from, "
    "so no path leads from {x} to {y}, and the derivative is 0.": (
        "{y} 与 {x} 无关：{x} 不在 {y} 的计算图中，没有从 {x} 到 {y} 的路径，所以导数为 0。"
    ),
    "{y} does not depend on {x}: {x} is not one of the Values that {y} was computed from, "
    "though one of these has the same name. Was the cell that makes it run again? "
    "Then compute {y} again, too. As it is, the derivative is 0.": (
        "{y} 与 {x} 无关：{x} 不在 {y} 的计算图中，图中另有一个同名的节点。"
        "是不是重新运行了创建它的单元格？如果是，请把 {y} 也重新计算一遍。就目前的图而言，导数为 0。"
    ),
    "The derivative of {y} with respect to itself is 1.": "{y} 对自身的导数为 1。",
    "the other {count} paths together: ": "其余 {count} 条路径之和：",
    # The command line
    "value": "值",
    "graph drawn into {file}": "计算图已画入 {file}",
    "steps written to {file}": "步骤已写入 {file}",
    "page written to {file}": "页面已写入 {file}",
    "{name}: {count} rows": "{name}：{count} 行数据",
    "{target} ({goal}) from {features}": "用 {features} 预测 {target}（{goal}）",
    "{count} classes": "{count} 个类别",
    "numbers": "数值",
    "linear": "线性",
    "MLP {sizes}, {activation}, {count} parameters, {optimizer}; "
    "learning from {train} rows, testing on {test}": (
        "MLP {sizes}，{activation}，{count} 个参数，{optimizer}；训练 {train} 个样本，测试 {test} 个"
    ),
    "{count} columns, {first}, ..., {last}": "{count} 列（{first}, ..., {last}）",
    "none": "0",
    "train": "训练",
    "test": "测试",
    "rows": "样本",
    "loss": "损失",
    "accuracy": "准确率",
    "RMSE": "均方根误差",
    "R2": "R2",
    "true \\ predicted": "真实 \\ 预测",
    "confusion matrix of the test rows:": "测试样本的混淆矩阵：",
    "confusion matrix of the rows:": "样本的混淆矩阵：",
    "in {folder}: {files}": "保存在 {folder}：{files}",
    "film in {file}": "影片：{file}",
    "otherwise": "否则",
    "is NaN": "是 NaN",
}
