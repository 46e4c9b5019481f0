"""The network: 40 bands every 10 ms in, the mouth every 20 ms out."""

import torch

CLASSES = ["SIL", "PBM", "FV", "TH", "TDNL", "S", "SH", "K", "R", "W", "UW", "O", "A", "E", "I"]
PHONES = {
    "PBM": "P B M", "FV": "F V", "TH": "TH DH", "TDNL": "T D N L", "S": "S Z", "SH": "SH ZH CH JH",
    "K": "K G NG HH", "R": "R ER", "W": "W", "UW": "UW UH", "O": "OW AO OY", "A": "AA AW AE AY AH", "E": "EH EY",
    "I": "IH IY Y",
}
CLASS_OF = {phone: CLASSES.index(name) for name, phones in PHONES.items() for phone in phones.split()}
CURVES = ["opening", "width", "jaw"]


class Residual(torch.nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.wide = torch.nn.Conv1d(channels, channels, 3, dilation=dilation, padding=dilation)
        self.mix = torch.nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        return x + self.mix(torch.relu(self.wide(x)))


class MouthNetwork(torch.nn.Module):
    """Output k belongs to the moment k x 20 ms and hears 0.26 s on either side."""

    def __init__(self, channels=96, dropout=0.0):
        super().__init__()
        self.entry = torch.nn.Conv1d(40, channels, 5, padding=2)
        self.halve = torch.nn.Conv1d(channels, channels, 5, stride=2, padding=2)
        self.blocks = torch.nn.ModuleList([Residual(channels, dilation) for dilation in (1, 2, 4)])
        self.dropout = torch.nn.Dropout(dropout)
        self.visemes = torch.nn.Conv1d(channels, len(CLASSES), 1)
        self.motion = torch.nn.Conv1d(channels, 64, 5, padding=2)
        self.curves = torch.nn.Conv1d(64, len(CURVES), 5, padding=2)

    def trunk(self, bands):
        x = torch.relu(self.halve(torch.relu(self.entry(bands))))
        for block in self.blocks:
            x = block(x)
        return torch.relu(x)

    def forward(self, bands):
        """Batch x 40 x frames to the curves (z-scores) and the visemes' logits, both at half the frames."""
        x = self.dropout(self.trunk(bands))
        return self.curves(torch.relu(self.motion(x))), self.visemes(x)
