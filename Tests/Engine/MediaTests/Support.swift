import Foundation
import Media
import Subprocess
import Testing

/// A folder that goes away with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lipsmith-media-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

struct ToolFailure: Error { let words: String }

/// Runs a program to its end and returns what it printed.
@discardableResult
func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = try Subprocess(program, arguments, output: .pipe, errors: .pipe)
    let words = process.readOutput()
    guard process.waitUntilExit() == 0 else { throw ToolFailure(words: words) }
    return words
}

func ffmpeg(_ arguments: String..., output: String) throws {
    try run(
        "ffmpeg",
        ["-v", "error", "-y", "-nostdin"] + arguments.flatMap { $0.split(separator: " ").map(String.init) } + [output])
}

/// A source whose frame n is a flat grey that tells n modulo 100.
func numberedSource(rate: String, size: String = "64x48") -> String {
    "-f lavfi -i color=c=gray:s=\(size):r=\(rate),format=yuv420p,geq=lum='16+mod(N\\,100)*2':cb=128:cr=128"
}

/// The number that a frame of a numbered source carries.
func number(of frame: VideoFrame) -> Int {
    let luma = frame.luma
    var sum = 0
    for row in 0..<luma.height {
        for column in 0..<luma.width { sum += Int(luma.base[row * luma.stride + column]) }
    }
    let level = Double(sum) / Double(luma.width * luma.height)
    let limited: Double = frame.isFullRange ? level * 219 / 255 + 16 : level
    return Int((limited / 2 - 8).rounded())
}

/// A fingerprint of all pixels.
func fingerprint(_ frame: VideoFrame) -> UInt64 {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for plane in [frame.luma, frame.blueChroma, frame.redChroma] {
        for row in 0..<plane.height {
            for column in 0..<plane.width {
                hash = (hash ^ UInt64(plane.base[row * plane.stride + column])) &* 1_099_511_628_211
            }
        }
    }
    return hash
}

/// The mean of a rectangle of a plane.
func mean(_ plane: Plane, columns: Range<Int>, rows: Range<Int>) -> Double {
    var sum = 0
    for row in rows { for column in columns { sum += Int(plane.base[row * plane.stride + column]) } }
    return Double(sum) / Double(columns.count * rows.count)
}

func allFrames<Value>(_ reader: VideoReader, _ value: (VideoFrame) -> Value) throws -> [Value] {
    var values: [Value] = []
    while let frame = try reader.next() {
        #expect(frame.index == values.count)
        values.append(value(frame))
    }
    return values
}

func allSamples(_ reader: AudioReader) throws -> [[Float]] {
    var samples = Array(repeating: [Float](), count: reader.channelCount)
    while let block = try reader.next() {
        #expect(block.frameCount > 0)
        #expect(block.frameCount <= reader.sampleRate / 10)
        for channel in samples.indices { samples[channel] += block.samples[channel] }
    }
    return samples
}

/// Expects a `MediaError` of one code.
func expectError(_ code: MediaError.Code, _ body: () throws -> Void, location: SourceLocation = #_sourceLocation) {
    do {
        try body()
        Issue.record("no error, expected \(code.rawValue)", sourceLocation: location)
    } catch let error as MediaError {
        #expect(error.code == code, "\(error)", sourceLocation: location)
        #expect(!error.message.contains("/"), sourceLocation: location)
    } catch {
        Issue.record("\(error)", sourceLocation: location)
    }
}
