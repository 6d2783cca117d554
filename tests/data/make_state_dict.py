"""Writes two_chains.pth, a state dict in the format of torch.save, with nothing but Python's own pickle and zipfile.

x1, x2 -> unit 1 -> y1 and x3, x4 -> unit 2 -> y2; all other weights are 0. usage: make_state_dict.py two_chains.pth
"""
import collections, pickle, struct, sys, types, zipfile

torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": utils})
torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})

def _rebuild_tensor_v2(*arguments): ...
_rebuild_tensor_v2.__module__ = "torch._utils"
utils._rebuild_tensor_v2 = _rebuild_tensor_v2

class Storage:
    def __init__(self, key, values): self.key, self.values = key, values

class Tensor:
    def __init__(self, key, shape, values):
        self.storage, self.shape = Storage(key, values), shape
        self.strides = tuple(reversed([1, shape[-1]][:len(shape)]))
    def __reduce__(self):
        return utils._rebuild_tensor_v2, (self.storage, 0, self.shape, self.strides, False, collections.OrderedDict())

class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return "storage", torch.FloatStorage, value.key, "cpu", len(value.values)

tensors = {
    "net.0.weight": Tensor("0", (2, 4), [1.5, -2, 0, 0, 0, 0, 0.5, 3]),
    "net.0.bias": Tensor("1", (2,), [-0.5, 0.25]),
    "net.2.weight": Tensor("2", (2, 2), [2, 0, 0, -1]),
    "net.2.bias": Tensor("3", (2,), [-1, 1]),
}
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as archive:
    def write(name, data): archive.writestr(zipfile.ZipInfo("two_chains/" + name), data)
    with archive.open(zipfile.ZipInfo("two_chains/data.pkl"), "w") as file:
        Pickler(file, 2).dump(collections.OrderedDict(tensors))
    write("byteorder", b"little")
    for tensor in tensors.values():
        write("data/" + tensor.storage.key, struct.pack(f"<{len(tensor.storage.values)}f", *tensor.storage.values))
    write("version", b"3\n")
