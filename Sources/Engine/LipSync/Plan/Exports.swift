// Types of lower targets that stand in plans and inspections: whoever uses the engine needs no import beside `LipSync`.
@_exported public import struct Media.AudioStreamInfo
@_exported public import struct Media.ColorDescription
@_exported public import struct Media.MediaInfo
@_exported public import struct Media.Rational
@_exported public import struct Media.VideoStreamInfo
@_exported public import enum Rendering.FacialEmotion
