import Generations
import StoreConformance
import SyncAPI
import Testing
import Text

@Suite("What is checked of a request before it is accepted")
struct RequestValidatorTests {
    let validator = RequestValidator()

    static let video = InputDraft(type: "video", url: "https://media.example/v.mp4")
    static let image = InputDraft(type: "image", url: "https://media.example/i.png")

    static func audio(_ name: String? = nil) -> InputDraft {
        InputDraft(type: "audio", url: "https://media.example/a.wav", referenceName: name)
    }

    static func draft(_ change: (inout RequestDraft) -> Void = { _ in }) -> RequestDraft {
        var draft = RequestDraft(model: "lipsync-2", inputs: [video, audio()])
        change(&draft)
        return draft
    }

    func expect(
        _ code: SyncCode, field: String, status: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout RequestDraft) -> Void
    ) {
        let error = #expect(throws: SyncError.self, sourceLocation: sourceLocation) {
            try validator.validate(Self.draft(change))
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.field == field, sourceLocation: sourceLocation)
        #expect(error?.status == status ?? SyncCatalog.entry(for: code).status, sourceLocation: sourceLocation)
        #expect(error?.suggestion.isEmpty == false, sourceLocation: sourceLocation)
    }

    /// A plain request passes, whichever order its inputs have.
    @Test func plain() throws {
        let request = try validator.validate(
            Self.draft {
                $0.inputs.reverse()
                $0.options = OptionsDraft(syncMode: "cut_off", temperature: 1)
                $0.outputFileName = "my cool/clip!"
                $0.webhookURL = "https://me.example/hook"
            })
        #expect(request.inputs.map(\.kind) == [.audio, .video])
        #expect(request.lipSync?.options.syncMode == .cutOff)
        #expect(request.outputFileName == "my_coolclip")
        #expect(try GenerationRequest(json: JSONValue(parsing: request.json.serialized)) == request)
    }

    /// The form of each field, one by one.
    @Test func form() {
        let code = SyncCode.generationInputValidationFailed
        expect(code, field: "model") { $0.model = nil }
        expect(code, field: "model") { $0.model = "" }
        expect(code, field: "input") { $0.inputs = [] }
        expect(code, field: "input[0].type") { $0.inputs[0].type = "movie" }
        expect(code, field: "input[0].url") { $0.inputs[0].url = nil }
        for url in [
            "", "file:///etc/passwd", "media.example/v", "http://", "https://a b/", "https://:80/", "http://h:x/",
        ] {
            expect(code, field: "input[0].url") { $0.inputs[0].url = url }
        }
        expect(code, field: "options.temperature") { $0.options.temperature = 1.01 }
        expect(code, field: "options.temperature") { $0.options.temperature = .nan }
        expect(code, field: "options.sync_mode") { $0.options.syncMode = "stretch" }
        expect(code, field: "options.prompt") { $0.options.emotion = "hungry" }
        expect(code, field: "options.model_mode") { $0.options.modelMode = "ears" }
        expect(code, field: "webhookUrl") { $0.webhookURL = "ftp://me" }
        expect(code, field: "outputFileName") { $0.outputFileName = String(repeating: "a", count: 256) }
        expect(code, field: "dubParams.targetLang") { $0.dub = DubDraft(targetLanguage: "xx") }
        expect(code, field: "dubParams.numSpeakers") { $0.dub = DubDraft(targetLanguage: "de", speakerCount: 51) }
        expect(code, field: "metadata") { $0.metadata = ["": "x"] }
        expect(code, field: "input[1].provider") { $0.inputs[1] = InputDraft(type: "text") }
        expect(code, field: "input[1].provider.script") {
            let script = String(repeating: "x", count: 5001)
            $0.inputs[1] = InputDraft(
                type: "text", provider: SpeechDraft(name: "elevenlabs", voiceID: "v", script: script))
        }
    }

    /// All problems of the form are told at once, those of the decoder first.
    @Test func severalProblems() {
        let error = #expect(throws: SyncError.self) {
            try validator.validate(
                Self.draft {
                    $0.problems = [FieldProblem(field: "segments", "must be a list.")]
                    $0.model = nil
                    $0.options.temperature = 2
                })
        }
        #expect(error?.field == "segments")
        #expect(error?.messages.count == 3)
        #expect(error?.messages[1] == "model must be given.")
    }

    /// An earlier step wins over a later one.
    @Test func order() {
        let selection = SpeakerDraft(isAutomatic: true, frame: 0, coordinates: [1, 1])
        func everythingWrong(_ draft: inout RequestDraft) {
            draft.options = OptionsDraft(temperature: 2, speaker: selection)
            draft.model = "nope-9"
            draft.inputs = [Self.video, Self.video, Self.audio("a")]
            draft.segments = [SegmentDraft(start: 0, end: 1, referenceName: "b")]
        }
        expect(.generationInputValidationFailed, field: "options.temperature") { everythingWrong(&$0) }
        expect(.generationUnsupportedModel, field: "model") {
            everythingWrong(&$0)
            $0.options.temperature = nil
        }
        expect(.generationInputTooManyVisual, field: "input[1]") {
            everythingWrong(&$0)
            $0.options.temperature = nil
            $0.model = "sync-3"
        }
        expect(.generationInputSegmentsInvalid, field: "segments[0].audioInput.refId") {
            everythingWrong(&$0)
            $0.options.temperature = nil
            $0.model = "sync-3"
            $0.inputs.remove(at: 1)
        }
        expect(.generationInputFaceSelectionInvalid, field: "options.active_speaker_detection") {
            everythingWrong(&$0)
            $0.options.temperature = nil
            $0.model = "sync-3"
            $0.inputs.remove(at: 1)
            $0.segments?[0].referenceName = "a"
        }
    }

    /// How many inputs of which kind.
    @Test func cardinality() throws {
        expect(.generationInputValidationFailed, field: "input") { $0.inputs = [Self.audio()] }
        expect(.generationInputValidationFailed, field: "input") { $0.inputs = [Self.video] }
        expect(.generationInputValidationFailed, field: "input") { $0.inputs.append(Self.audio()) }
        expect(.generationInputTooManyVisual, field: "input[2]") { $0.inputs.append(Self.image) }
        expect(.generationUnsupportedModel, field: "model") { $0.inputs[0] = Self.image }
        _ = try validator.validate(
            Self.draft {
                $0.model = "sync-3"
                $0.inputs[0] = Self.image
            })
    }

    /// Translation takes its sound from the video: other sound is ignored, or refused by a strict installation.
    @Test func dubbing() throws {
        let dub = Self.draft { $0.dub = DubDraft(targetLanguage: "de") }
        #expect(try validator.validate(dub).inputs.map(\.kind) == [.video])
        var rules = ValidationRules()
        rules.refusesVoiceBesideDub = true
        var error = #expect(throws: SyncError.self) { try RequestValidator(rules: rules).validate(dub) }
        #expect(error?.code == .generationInputDubAudioConflict)
        #expect(error?.field == "input[1]")
        rules = ValidationRules()
        rules.features = []
        error = #expect(throws: SyncError.self) { try RequestValidator(rules: rules).validate(dub) }
        #expect(error?.code == .planFeatureUnavailable)
        #expect(error?.status == 422)
        #expect(DubLanguages.codes.count == 93)
    }

    /// Segments: ranges, names, crops, overlap; touching is no overlap, and order is free.
    @Test func segments() throws {
        let code = SyncCode.generationInputSegmentsInvalid
        func change(_ segments: [SegmentDraft], _ draft: inout RequestDraft) {
            draft.inputs = [Self.video, Self.audio("a"), Self.audio("b")]
            draft.segments = segments
        }
        let first = SegmentDraft(start: 0, end: 5, referenceName: "a")
        expect(code, field: "segments[1]") { change([first, SegmentDraft(start: 4, end: 8, referenceName: "b")], &$0) }
        expect(code, field: "segments[0].audioInput.refId") { change([SegmentDraft(start: 0, end: 1)], &$0) }
        expect(code, field: "segments[0].audioInput.refId") {
            change([SegmentDraft(start: 0, end: 1, referenceName: "c")], &$0)
        }
        expect(code, field: "segments[0].startTime") {
            change([SegmentDraft(start: -1, end: 1, referenceName: "a")], &$0)
        }
        expect(code, field: "segments[0].endTime") {
            change([SegmentDraft(start: 2, end: 1, referenceName: "a")], &$0)
        }
        expect(code, field: "segments[0].endTime") {
            change([SegmentDraft(start: 2, end: .infinity, referenceName: "a")], &$0)
        }
        expect(code, field: "input[2].refId") {
            change([first], &$0)
            $0.inputs[2].referenceName = "a"
        }
        expect(.generationInputTrimInvalid, field: "segments[0].audioInput") {
            change([SegmentDraft(start: 0, end: 5, referenceName: "a", voiceStart: 1)], &$0)
        }
        expect(.generationInputTrimInvalid, field: "segments[0].audioInput") {
            change([SegmentDraft(start: 0, end: 5, referenceName: "a", voiceStart: 2, voiceEnd: 2)], &$0)
        }
        expect(.generationInputValidationFailed, field: "segments[0].optionsOverride.sync_mode") {
            change([SegmentDraft(start: 0, end: 5, referenceName: "a", options: OptionsDraft(syncMode: "x"))], &$0)
        }
        let speaker = SpeakerDraft(frame: 3, coordinates: [10.5, 20])
        let request = try validator.validate(
            Self.draft {
                change(
                    [
                        SegmentDraft(
                            start: 5, end: 8, referenceName: "b", options: OptionsDraft(speaker: speaker)), first,
                    ], &$0)
            })
        #expect(request.lipSync?.segments.map(\.range) == [.seconds(0, 5), .seconds(5, 8)])
        #expect(request.lipSync?.segments.map(\.voiceInput) == [1, 2])
        #expect(request.lipSync?.segments[1].options.speaker == .point(frame: 3, horizontal: 10.5, vertical: 20))
        #expect(request.lipSync?.outputSeconds(video: 12, voices: [1: 8.64, 2: 3], framesPerSecond: 25) == 15.64)
    }

    /// The two deprecated spellings become one segment with the only sound.
    @Test func legacySegments() throws {
        var request = try validator.validate(Self.draft { $0.inputs[0].segmentsInSeconds = [[10.5, 20.5]] })
        #expect(request.lipSync?.segments == [Segment(range: .seconds(10.5, 20.5), voiceInput: 1)])
        request = try validator.validate(Self.draft { $0.inputs[0].segmentsInFrames = [[100, 200]] })
        #expect(request.lipSync?.segments == [Segment(range: .frames(100, 200), voiceInput: 1)])
        let code = SyncCode.generationInputSegmentsInvalid
        expect(code, field: "input[0].segments_secs") { $0.inputs[0].segmentsInSeconds = [[1, 2], [3, 4]] }
        expect(code, field: "input[0].segments_secs") { $0.inputs[0].segmentsInSeconds = [[2, 1]] }
        expect(code, field: "input[0].segments_frames") { $0.inputs[0].segmentsInFrames = [[5, 5]] }
        expect(code, field: "input[0].segments_secs") {
            $0.model = "sync-3"
            $0.inputs[0] = Self.image
            $0.inputs[0].segmentsInSeconds = [[0, 1]]
        }
        expect(code, field: "input[0].segments_frames") { $0.inputs[0].segmentsInFrames = [[0.5, 5]] }
    }

    /// The choice of the speaker.
    @Test func speaker() throws {
        let code = SyncCode.generationInputFaceSelectionInvalid
        let field = "options.active_speaker_detection"
        expect(code, field: "\(field).frame_number") { $0.options.speaker = SpeakerDraft(coordinates: [1, 2]) }
        expect(code, field: "\(field).coordinates") { $0.options.speaker = SpeakerDraft(frame: 1) }
        expect(code, field: "\(field).coordinates") {
            $0.options.speaker = SpeakerDraft(frame: 1, coordinates: [-1, 2])
        }
        expect(code, field: "\(field).bounding_boxes[1]") {
            $0.options.speaker = SpeakerDraft(boxes: [nil, [5, 5, 4, 6]])
        }
        expect(code, field: "\(field).bounding_boxes") { $0.options.speaker = SpeakerDraft(boxes: []) }
        expect(code, field: "\(field).auto_detect") {
            $0.model = "sync-3"
            $0.inputs[0] = Self.image
            $0.options.speaker = SpeakerDraft(isAutomatic: true)
        }
        expect(code, field: "\(field).bounding_boxes") {
            $0.model = "sync-3"
            $0.inputs[0] = Self.image
            $0.options.speaker = SpeakerDraft(boxes: [nil, [1, 2, 3, 4]])
        }
        let request = try validator.validate(
            Self.draft {
                $0.options.speaker = SpeakerDraft(frame: 1, coordinates: [1, 2], boxes: [nil, [1, 2, 3, 4]])
            })
        #expect(request.lipSync?.options.speaker == .boxes([nil, SpeakerBox(left: 1, top: 2, right: 3, bottom: 4)]))
        #expect(
            try validator.validate(Self.draft { $0.options.speaker = SpeakerDraft(isAutomatic: false) }).lipSync?
                .options.speaker
                == nil)
    }

    /// Names of outputs as the contract's examples have them.
    @Test(arguments: [
        ("my clip", "my_clip"), ("a/b:c.mp4", "abcmp4"), ("naïve", "nave"), ("***", nil), ("A-1_b", "A-1_b"),
        ("../x", "x"), ("", nil),
    ])
    func outputFileName(_ name: String, _ expected: String?) {
        #expect(OutputFileName.sanitized(name) == expected)
    }
}
