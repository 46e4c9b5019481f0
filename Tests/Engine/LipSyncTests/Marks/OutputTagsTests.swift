import Foundation
import FoundationXML
import LipSync
import Media
import TestSupport
import Testing

@Suite("What an output says of itself in words")
struct OutputTagsTests {
    private static let capture = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    private static let composite = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    private static let namespace = "xmlns:q=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""

    /// A document that names an author, with a member of the description's tag and one of its content.
    private static func document(_ attribute: String = "", _ element: String = "", about: String = "\"\"") -> String {
        """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF
        xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about=\(about) \(namespace) \(attribute)
        xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><r:Seq><r:li>Ann Üs</r:li></r:Seq></dc:creator>\(element)
        </r:Description></r:RDF></x:xmpmeta><?xpacket end="w"?>
        """
    }

    /// Subjects, sources and authors of a document that can be read.
    private static func facts(_ document: String) throws -> (about: [String], sources: [String], authors: [String]) {
        let root = try XMLDocument(xmlString: document, options: []).rootElement()
        var (about, sources, authors) = ([String](), [String](), [String]())
        func walk(_ element: XMLElement) {
            for attribute in element.attributes ?? [] {
                if attribute.name?.hasSuffix(":about") == true { about.append(attribute.stringValue ?? "") }
                if attribute.name?.hasSuffix(":DigitalSourceType") == true {
                    sources.append(attribute.stringValue ?? "")
                }
            }
            if element.name?.hasSuffix(":DigitalSourceType") == true { sources.append(element.stringValue ?? "") }
            if element.name?.hasSuffix(":li") == true { authors.append(element.stringValue ?? "") }
            for case let child as XMLElement in element.children ?? [] { walk(child) }
        }
        if let root { walk(root) }
        return (about, sources, authors)
    }

    @Test(
        "The source's document is kept, but for where it came from",
        arguments: [
            document(), document("q:DigitalSourceType=\"\(capture)\""), document("q:DigitalSourceType = '\(capture)'"),
            document("", "<q:DigitalSourceType>\(capture)</q:DigitalSourceType>"),
            document("", "<q:DigitalSourceType r:resource=\"\(capture)\"/>"),
            document("", "<q:DigitalSourceType\n>\(capture)</q:DigitalSourceType >"),
            document("", about: "\"uuid:1f\""), document("", about: "'uuid:1f'"),
        ])
    func kept(_ source: String) throws {
        let facts = try Self.facts(DigitalSourceXMP.document(.compositeWithTrainedAlgorithmicMedia, keeping: source))
        #expect(facts.sources == [Self.composite])
        #expect(facts.authors == ["Ann Üs"])
        #expect(facts.about.count == 2)
        #expect(Set(facts.about).count == 1)
    }

    @Test(
        "What is no document is not kept",
        arguments: [
            "", "<", "q:DigitalSourceType", "<q:DigitalSourceType", "<q:DigitalSourceType>", ":DigitalSourceType=\"",
            "a q:DigitalSourceType=\"", "RDF", "</RDF>", ":RDF", String(repeating: "<q:DigitalSourceType ", count: 9),
        ])
    func replaced(_ source: String) throws {
        let facts = try Self.facts(DigitalSourceXMP.document(.compositeWithTrainedAlgorithmicMedia, keeping: source))
        #expect(facts.sources == [Self.composite])
        #expect(facts.authors == [])
    }

    /// A second of the portrait with words of its own.
    private static func clip(_ folder: TemporaryFolder) throws -> String {
        let (plain, path) = (folder.path("plain.mp4"), folder.path("clip.mp4"))
        try TestClips.portrait(
            plain, seconds: 1,
            more: [
                "-metadata", "title=A “title”", "-metadata", "artist=Ann", "-metadata", "comment=Take 3", "-timecode",
                "01:00:00:00",
            ])
        let reader = try VideoReader(plain)
        let writer = try VideoWriter(
            path,
            video: VideoOutputSettings(
                width: reader.info.width, height: reader.info.height, frameRate: reader.info.frameRate), audio: nil,
            tags: FileTags(values: reader.tags.values, xmp: document("q:DigitalSourceType=\"\(capture)\"")))
        while let frame = try reader.next() { try writer.append(frame) }
        try writer.finish()
        return path
    }

    @Test("A clip's tags are the output's, whole or in parts; the comment says who made it, once")
    func clip() throws {
        let folder = try TemporaryFolder()
        var plan = RenderPlan(
            videoPath: try Self.clip(folder), audioPath: TestClips.voice, outputPath: folder.path("out.mp4"),
            syncMode: .cutOff, preset: "ultrafast")
        plan.marks = OutputMarks(
            comment: OutputMarks.standardComment, digitalSource: .compositeWithTrainedAlgorithmicMedia)
        _ = try TestClips.engine.render(plan)
        let tags = try VideoReader(plan.outputPath).tags
        #expect(tags.values["title"] == "A “title”")
        #expect(tags.values["artist"] == "Ann")
        #expect(tags.values["timecode"] == nil)
        #expect(tags.values["comment"] == OutputMarks.standardComment + "\nTake 3")
        let facts = try Self.facts(try #require(tags.xmp))
        #expect(facts.sources == [Self.composite])
        #expect(facts.authors == ["Ann Üs"])

        var again = plan
        (again.videoPath, again.outputPath) = (plan.outputPath, folder.path("again.mp4"))
        _ = try SplitClips.render(again, SplitClips.rule(), folder)
        let second = try VideoReader(again.outputPath).tags
        #expect(second.values == tags.values)
        #expect(try Self.facts(try #require(second.xmp)).sources == [Self.composite])
    }

    @Test("A picture's document is the output's", arguments: ["jpg", "png", "webp"])
    func picture(_ format: String) throws {
        let folder = try TemporaryFolder()
        let picture = folder.path("picture.\(format)")
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", "scale=256:-2", picture])
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: picture)))
        try Data(Self.adding(Array(Self.document().utf8), to: bytes, format)).write(to: URL(fileURLWithPath: picture))
        #expect(FileTags(ofPicture: picture).xmp == Self.document())
        var plan = AnimationPlan(
            pictures: [PictureCue(path: picture)], audioPath: TestClips.voice, outputPath: folder.path("out.mp4"),
            preset: "ultrafast")
        plan.marks = OutputMarks(digitalSource: .compositeWithTrainedAlgorithmicMedia)
        _ = try TestClips.engine.animate(plan)
        let facts = try Self.facts(try #require(try VideoReader(plan.outputPath).tags.xmp))
        #expect(facts.sources == [Self.composite])
        #expect(facts.authors == ["Ann Üs"])
    }

    /// A picture with a document in the place that XMP's third part names.
    private static func adding(_ document: [UInt8], to picture: [UInt8], _ format: String) -> [UInt8] {
        func big(_ count: Int, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        }
        switch format {
        case "jpg":
            let body = Array("http://ns.adobe.com/xap/1.0/\0".utf8) + document
            return picture[..<2] + [0xFF, 0xE1] + big(body.count + 2, 2) + body + picture[2...]
        case "png":
            let body = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8) + document
            // Behind the signature and the first chunk; readers here ask for no checksum of it.
            return picture[..<33] + big(body.count, 4) + Array("iTXt".utf8) + body + big(0, 4) + picture[33...]
        default:
            let chunk = Array("XMP ".utf8) + big(document.count, 4).reversed() + document
            let whole = picture + chunk + (document.count % 2 == 0 ? [] : [0])
            return whole[..<4] + big(whole.count - 8, 4).reversed() + whole[8...]
        }
    }
}
