"""The head on Whisper's hidden states: the mouth and the visemes every 20 ms."""

import torch

CLASSES = ["SIL", "PBM", "FV", "TH", "TDNL", "S", "SH", "K", "R", "W", "UW", "O", "A", "E", "I"]
PHONES = {
    "PBM": "P B M", "FV": "F V", "TH": "TH DH", "TDNL": "T D N L", "S": "S Z", "SH": "SH ZH CH JH",
    "K": "K G NG HH", "R": "R ER", "W": "W", "UW": "UW UH", "O": "OW AO OY", "A": "AA AW AE AY AH", "E": "EH EY",
    "I": "IH IY Y",
}
CLASS_OF = {phone: CLASSES.index(name) for name, phones in PHONES.items() for phone in phones.split()}
CURVES = ["opening", "width", "jaw"]
LAYERS = (2, 3)  # blocks of Whisper's encoder whose states are heard


class Residual(torch.nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.wide = torch.nn.Conv1d(channels, channels, 3, dilation=dilation, padding=dilation)
        self.mix = torch.nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        return x + self.mix(torch.relu(self.wide(x)))


class QuickDropout(torch.nn.Module):
    """Dropout of single values whose masks are drawn once: drawing them anew takes longer than everything else."""

    def __init__(self, share, masks=256):
        super().__init__()
        self.share, self.masks, self.pool = share, masks, None

    def forward(self, x):
        if not self.training:
            return x
        if self.pool is None:
            self.pool = (torch.rand(self.masks, *x.shape[1:]) > self.share).to(torch.uint8)
        kept = self.pool[torch.randint(self.masks, (len(x),))]
        return x * kept * (1 / (1 - self.share))


class MouthHead(torch.nn.Module):
    """Batch x width x moments to curves (z-scores of a speaker) and viseme logits, at the same moments."""

    def __init__(self, width, channels=96, dilations=(1, 2), dropout=0.3):
        super().__init__()
        self.register_buffer("offset", torch.zeros(1, width, 1))
        self.register_buffer("scale", torch.ones(1, width, 1))
        self.heard = QuickDropout(dropout)
        self.entry = torch.nn.Conv1d(width, channels, 1)
        self.blocks = torch.nn.ModuleList([Residual(channels, dilation) for dilation in dilations])
        self.dropout = torch.nn.Dropout(dropout)
        self.visemes = torch.nn.Conv1d(channels, len(CLASSES), 1)
        self.motion = torch.nn.Conv1d(channels, 64, 5, padding=2)
        self.curves = torch.nn.Conv1d(64, 3, 5, padding=2)

    def forward(self, states):
        x = self.heard((states - self.offset) * self.scale)
        x = torch.relu(self.entry(x))
        for block in self.blocks:
            x = block(x)
        x = self.dropout(torch.relu(x))
        return self.curves(torch.relu(self.motion(x))), self.visemes(x)
