"""oracle.py - layers and losses against PyTorch, in float64

    oracle.py PEER

PEER is the program of peer.c. Outputs, all gradients, running statistics and losses agree to 1e-10.
Exit status 77: PyTorch is not installed (the test counts as skipped).
"""
import subprocess
import sys

try:
    import torch
except ImportError:
    print("skipped: PyTorch (python3-torch) is not installed for", sys.executable)
    sys.exit(77)

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
nn = torch.nn
BOUND = 1e-10
PEER = sys.argv[1]
compared = 0


def normal(*shape):
    return torch.randn(*shape)


def compare(what, got, want):
    """Relative to the largest number of the block, where that is above 1."""
    global compared
    size = max(1.0, want.abs().max().item())
    off = (got.reshape(want.shape) - want).abs().max().item()
    if not off <= BOUND * size:
        sys.exit(f"{what}: off by {off:.3g}\nrunnel  {got.flatten()[:5]}\nPyTorch {want.flatten()[:5]}")
    compared += want.numel()


def as_ours(parameter, layer):
    return parameter.T if isinstance(layer, nn.Linear) and parameter.dim() == 2 else parameter


def run(arguments, tensors):
    raw = b"".join(t.detach().contiguous().numpy().tobytes() for t in tensors)
    done = subprocess.run([PEER, *map(str, arguments)], input=raw, stdout=subprocess.PIPE, check=True)
    return torch.frombuffer(bytearray(done.stdout), dtype=torch.float64)


def take(numbers, *shape):
    """The next numbers of a list that holds one tensor, as a tensor of that shape."""
    count = torch.Size(shape).numel()
    front, numbers[0] = numbers[0][:count], numbers[0][count:]
    return front.reshape(shape)


def parameters(net):
    return [(layer, p) for layer in net for p in layer.parameters()]


def statistics(net):
    return [s for layer in net if isinstance(layer, nn.BatchNorm1d) for s in (layer.running_mean, layer.running_var)]


def randomise(net):
    for layer, p in parameters(net):
        p.data = normal(*p.shape) * 0.4 + (1 if not isinstance(layer, nn.Linear) and p is layer.weight else 0)
    for layer in net:
        if isinstance(layer, nn.BatchNorm1d):
            layer.running_mean.copy_(normal(layer.num_features))
            layer.running_var.copy_(torch.rand(layer.num_features) + 0.5)


# ---- layers ----------------------------------------------------------------------------------------

# the numbers of PyTorch's softplus are exact only up to its threshold of 20
LAYERS = [
    ("tanh", lambda m: nn.Tanh()),
    ("sigmoid", lambda m: nn.Sigmoid()),
    ("relu", lambda m: nn.ReLU()),
    ("leaky_relu", lambda m: nn.LeakyReLU()),
    ("leaky_relu 0.3", lambda m: nn.LeakyReLU(0.3)),
    ("elu", lambda m: nn.ELU()),
    ("elu 0.7", lambda m: nn.ELU(0.7)),
    ("gelu", lambda m: nn.GELU()),
    ("silu", lambda m: nn.SiLU()),
    ("softplus", lambda m: nn.Softplus()),
    ("dropout 0", lambda m: nn.Dropout(0)),
    ("batchnorm", lambda m: nn.BatchNorm1d(m)),
    ("batchnorm 0.3 0.01", lambda m: nn.BatchNorm1d(m, momentum=0.3, eps=0.01)),
    ("layernorm", lambda m: nn.LayerNorm(m)),
    ("layernorm 0.01", lambda m: nn.LayerNorm(m, eps=0.01)),
]


def check_layers(description, net, rows, inputs, batches, scale):
    randomise(net)
    net.zero_grad()
    before = [s.clone() for s in statistics(net)]
    x = (normal(rows, inputs) * scale).requires_grad_()
    net.train(batches > 0)
    for _ in range(max(1, batches)):
        y = net(x)
    dy = normal(*y.shape)
    y.backward(dy)
    shown = f"{description}, {rows} rows, {batches} batches"
    ours = [as_ours(p, layer) for layer, p in parameters(net)]
    out = [run(["layers", batches, rows, inputs, description], ours + before + [x, dy])]
    compare(shown + ": y", take(out, *y.shape), y.detach())
    compare(shown + ": dx", take(out, *x.shape), x.grad)
    for layer, p in parameters(net):
        want = as_ours(p.grad, layer)
        compare(f"{shown}: gradient of {layer} {tuple(p.shape)}", take(out, *want.shape), want)
    for s in statistics(net):
        compare(shown + ": running statistics", take(out, *s.shape), s)
    assert out[0].numel() == 0


def check_all_layers():
    for text, make in LAYERS:
        for rows, width in ((1, 7), (2, 19), (33, 40)):
            for batches in (0, 1, 3):
                if rows == 1 and batches and "batchnorm" in text:
                    continue  # PyTorch refuses
                check_layers(text, nn.Sequential(make(width)), rows, width, batches, 3)
                net = nn.Sequential(nn.Linear(11, width), make(width), nn.Linear(width, 5))
                check_layers(f"affine {width}, {text}, affine 5", net, rows, 11, batches, 1)
    net = nn.Sequential(nn.Linear(11, 20), nn.BatchNorm1d(20), nn.GELU(), nn.Linear(20, 9), nn.LayerNorm(9), nn.SiLU(), nn.Linear(9, 4))
    for batches in (0, 4):
        check_layers("affine 20, batchnorm, gelu, affine 9, layernorm, silu, affine 4", net, 50, 11, batches, 1)


# ---- losses ----------------------------------------------------------------------------------------

def check_loss(description, loss, outputs, targets, weights=None):
    rows, inputs = 23, 6
    net = nn.Sequential(nn.Linear(inputs, outputs))
    randomise(net)
    x = normal(rows, inputs) * 2
    value = loss(net(x), targets)
    value.backward()
    by_class = targets.dim() == 1
    arguments = ["loss", int(weights is not None), int(by_class), rows, inputs, f"affine {outputs}, {description}"]
    ours = [as_ours(p, layer) for layer, p in parameters(net)]
    out = [run(arguments, ours + [x, targets.to(torch.float64)] + ([] if weights is None else [weights]))]
    compare(description, take(out, 1), value.detach().reshape(1))
    for layer, p in parameters(net):
        want = as_ours(p.grad, layer)
        compare(f"{description}: gradient", take(out, *want.shape), want)


def check_all_losses():
    rows = 23
    for outputs in (2, 5, 18):
        classes = torch.randint(outputs, (rows,))
        soft = torch.rand(rows, outputs)
        soft /= soft.sum(1, keepdim=True)
        labels = torch.randint(2, (rows, outputs)).double()
        weights = torch.rand(outputs) + 0.1
        for smoothing in (0.0, 0.1, 0.6):
            text = f"softmax {smoothing}"
            f = nn.functional.cross_entropy
            check_loss(text, lambda y, t: f(y, t, label_smoothing=smoothing), outputs, classes)
            check_loss(text, lambda y, t: f(y, t, label_smoothing=smoothing), outputs, soft)
            # PyTorch divides by the sum of the weights of all targets, where these are classes; we by the rows
            check_loss(text, lambda y, t: f(y, t, weights, reduction="sum", label_smoothing=smoothing) / rows, outputs, classes, weights)
            check_loss(text, lambda y, t: f(y, t, weights, label_smoothing=smoothing), outputs, soft, weights)
        f = nn.functional.binary_cross_entropy_with_logits
        check_loss("logistic", f, outputs, labels)
        check_loss("logistic", f, outputs, torch.rand(rows, outputs))
        check_loss("logistic", lambda y, t: f(y, nn.functional.one_hot(t, outputs).double()), outputs, classes)
        check_loss("mse", nn.functional.mse_loss, outputs, normal(rows, outputs))
        check_loss("huber", nn.functional.huber_loss, outputs, normal(rows, outputs) * 3)
        check_loss("huber 0.3", lambda y, t: nn.functional.huber_loss(y, t, delta=0.3), outputs, normal(rows, outputs))
    f = nn.functional.binary_cross_entropy_with_logits
    check_loss("logistic", lambda y, t: f(y[:, 0], t.double()), 1, torch.randint(2, (rows,)))


check_all_layers()
check_all_losses()
print(f"PyTorch {torch.__version__}: {compared} numbers agree to {BOUND}")
