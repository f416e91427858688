"""mnist_torch.py - runnel and PyTorch with each other's networks, on MNIST

    mnist_torch.py RUNNEL PEER

A network that runnel trained goes into nn.Sequential by load_state_dict, and a state_dict that PyTorch trained is
evaluated and trained further by runnel; the logits of the 10,000 test pictures agree. RUNNEL is the program, PEER that of
peer.c. Exit status 77: what it needs is not there (the test counts as skipped).
"""
import os
import re
import sys
import tempfile

import oracle
from export import Export, must, find_mnist

LIMIT = 1e-5
LAYERS = "affine 64, batchnorm, leaky_relu 0.1, dropout 0.2, affine 32, layernorm, gelu, affine 10"


def numbers(text):
    """what runnel eval prints: {"accuracy": 97.1, ...}"""
    return {name: float(number) for name, number in re.findall(r"^(\w+) +([\d.]+)", text, re.M)}


class Both(Export):
    def __init__(self, runnel, peer, folder, torch, np):
        super().__init__(runnel, peer, [], folder)
        self.torch, self.np = torch, np
        self.pictures, labels = find_mnist(self)
        self.x = np.frombuffer(self.pictures.read_bytes(), np.uint8)[16:].reshape(10000, 784)
        self.classes = np.frombuffer(labels.read_bytes(), np.uint8)[8:]

    def run(self, verb, *words):
        return must(self.runnel, verb, *words, "--data", os.environ["RUNNEL_DATA"], env=dict(os.environ, HOME=str(self.folder)))

    def ours(self, model, description="-"):
        out = self.folder / "logits"
        must(self.peer, "logits", model, self.pictures, out, description)
        return self.np.fromfile(out, self.np.float32).reshape(10000, 10)

    def theirs(self, net):
        with self.torch.no_grad():
            return net.eval()(self.torch.from_numpy(self.x.astype(self.np.float32) / 255)).numpy()

    def agree(self, what, ours, theirs):
        difference, largest = self.np.max(self.np.abs(ours - theirs)), self.np.max(self.np.abs(theirs))
        print(f"{what}: logits up to {largest:.1f} differ by at most {difference:.1e}; "
              f"{100 * self.np.mean(self.np.argmax(theirs, axis=1) == self.classes):.2f} % right")
        assert largest > 1 and difference <= LIMIT, f"more than {LIMIT}"


def to_torch(b, description):
    """Trained by runnel, loaded by load_state_dict as it is."""
    model = b.folder / "ours.safetensors"
    b.run("train", "--net", description, "--init", "auto", "--iterations", 600, "--quiet", "--out", model, "--history", "none")
    tensors, _ = oracle.read(model)
    net = oracle.torch_net(b.torch, description, 784, b.torch.float32)
    net.load_state_dict({name: b.torch.from_numpy(value.copy()) for name, value in tensors.items()})
    b.agree(f"{description}, from runnel", b.ours(model), b.theirs(net))


def train_there(b, net):
    torch, np = b.torch, b.np
    # the training pictures are of no use to know which way is right: half of the test pictures will do
    x, t = torch.from_numpy(b.x.astype(np.float32) / 255), torch.from_numpy(b.classes.astype(np.int64))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    net.train()
    for k in range(150):
        rows = slice(100 * k % 5000, 100 * k % 5000 + 100)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x[rows]), t[rows]).backward()
        optimizer.step()


def from_torch(b, description):
    """Trained by PyTorch; runnel gives the same answers, and goes on from there."""
    net = oracle.torch_net(b.torch, description, 784, b.torch.float32, fresh=True)
    train_there(b, net)
    path = b.folder / "theirs.safetensors"
    oracle.write(path, {name: value.detach().numpy() for name, value in net.state_dict().items()}, "F32")
    theirs = b.theirs(net)
    b.agree(f"{description}, from PyTorch", b.ours(path, description), theirs)
    before = numbers(b.run("eval", path, "--net", description, "--quiet"))
    right = 100 * b.np.mean(b.np.argmax(theirs, axis=1) == b.classes)
    assert abs(before["accuracy"] - right) < 0.006, (before, right)
    further = b.folder / "further.safetensors"
    b.run("train", "--from", path, "--net", description, "--iterations", 600, "--quiet", "--out", further, "--history", "none")
    after = numbers(b.run("eval", further, "--quiet"))
    print(f"trained further by runnel: {before['accuracy']} % -> {after['accuracy']} %, loss {before['loss']} -> {after['loss']}")
    assert after["loss"] < before["loss"] and after["accuracy"] > before["accuracy"]
    tensors, _ = oracle.read(further)
    net.load_state_dict({name: b.torch.from_numpy(value.copy()) for name, value in tensors.items()})
    b.agree("and back", b.ours(further), b.theirs(net))


def main():
    try:
        import numpy
        import torch
    except ImportError:
        print("skipped: PyTorch is not installed for", sys.executable)
        sys.exit(77)
    torch.manual_seed(5)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        both = Both(sys.argv[1], sys.argv[2], folder, torch, numpy)
        for description in "affine 50, relu, affine 10", LAYERS:
            to_torch(both, description)
        from_torch(both, LAYERS)


if __name__ == "__main__":
    main()
