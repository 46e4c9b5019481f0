import Generations
import Glibc
import LipSync
import Testing
import Worker

@Suite("Why a job failed")
struct JobFailureTests {
    @Test("What a part of the server refuses keeps its code and its advice, whoever threw it")
    func catalogued() {
        let error: any Error = GenerationError(
            .voiceNotFound, "There is no such voice.", suggestion: "List the voices.")
        let failure = JobFailure(error)
        #expect(failure.error.code == .voiceNotFound)
        #expect(failure.error.message == "There is no such voice.")
        #expect(!failure.mayRetry)
        #expect(JobFailure(failure as any Error) == failure)
    }

    @Test("An error that nobody knows is one without a code, and may be tried again")
    func unknown() {
        struct Odd: Error {}
        #expect(JobFailure(Odd()).error.code == .generationUnknownError)
    }

    /// What a code of the engine becomes, and whether it is tried again.
    private static func expected(_ code: EngineCode) -> (code: ErrorCode, mayRetry: Bool) {
        switch code {
        case .noFaceFound, .driveWithoutFace, .faceTooSmall, .faceTurnedAway, .videoInvalid, .imageInvalid:
            (.generationInputVideoInvalid, false)
        case .audioInvalid: (.generationInputAudioInvalid, false)
        case .faceSelectionInvalid: (.generationInputFaceSelectionInvalid, false)
        case .segmentsInvalid: (.generationInputSegmentsInvalid, false)
        case .trimInvalid: (.generationInputTrimInvalid, false)
        case .resolutionUnsupported: (.generationInputResolutionUnsupported, false)
        case .durationGreaterThanMaximum: (.generationInputDurationGreaterThanMaxDuration, false)
        case .tooManyPictures: (.generationInputValidationFailed, false)
        case .inputUnreadable, .outputUnwritable: (.generationInfraStorageError, true)
        case .outputDiskFull: (.generationInfraResourceExhausted, true)
        case .installationIncomplete, .cancelled: (.generationInfraServiceUnavailable, true)
        case .outputEncodingFailed, .engineFailed: (.generationPipelineFailed, true)
        }
    }

    @Test("Every code of the engine has a meaning of its own for the job", arguments: EngineCode.allCases)
    func engine(code: EngineCode) {
        let told = ChildMessage.Failure(
            code: code.rawValue, message: "Too far: 40\u{B0} \u{2013} at most.", suggestion: "Send another.",
            detail: "d")
        let failure = JobFailure(ChildFailure.told(told))
        let expected = Self.expected(code)
        #expect(failure.error.code == expected.code)
        #expect(failure.error.code.entry.code == expected.code, "the catalogue must know it")
        #expect(failure.mayRetry == expected.mayRetry)
        #expect(failure.isLoss == (code == .cancelled))
        #expect(failure.error.message.utf8.allSatisfy { $0 < 0x80 })
        #expect(failure.error.detail.hasPrefix(code.rawValue))
        if code.rawValue.hasPrefix("generation_input") || expected.code == .generationInputValidationFailed {
            #expect(
                failure.error.message == "Too far: 40 degrees  at most." && failure.error.suggestion == "Send another.")
        }
    }

    @Test("A picture without a usable face has a code of its own where the interface shows it")
    func subject() {
        for code in [EngineCode.noFaceFound, .faceTooSmall, .faceTurnedAway] {
            let told = ChildMessage.Failure(code: code.rawValue, message: "No.", suggestion: "Other.", detail: "")
            #expect(
                JobFailure(ChildFailure.told(told), showsSubject: true).error.code == .imageSubjectNotDetected)
        }
    }

    @Test("What a child that was taken over says is no reason to try again")
    func invented() {
        let told = ChildMessage.Failure(code: "insufficient_balance", message: "Pay!", suggestion: "", detail: "")
        let failure = JobFailure(ChildFailure.told(told))
        #expect(failure.error.code == .generationPipelineFailed && !failure.mayRetry)
        #expect(!failure.error.message.contains("Pay"))
    }

    @Test("Every other end of a child, and what the store says")
    func children() {
        func check(_ error: any Error, _ code: ErrorCode, mayRetry: Bool, isLoss: Bool = false) {
            let failure = JobFailure(error)
            #expect(failure.error.code == code && failure.mayRetry == mayRetry && failure.isLoss == isLoss, "\(error)")
        }
        check(ChildFailure.crashed(SIGSEGV), .generationPipelineFailed, mayRetry: true)
        check(ChildFailure.senseless, .generationPipelineFailed, mayRetry: true)
        check(ChildFailure.outOfMemory, .generationInfraResourceExhausted, mayRetry: true)
        check(ChildFailure.timedOut, .generationTimeout, mayRetry: false)
        check(ChildFailure.notStarted, .generationInfraServiceUnavailable, mayRetry: true)
        check(ChildFailure.killed, .generationInfraServiceUnavailable, mayRetry: true, isLoss: true)
        for code in [StoreError.Code.full, .busy, .unavailable] {
            check(StoreError(code: code, detail: ""), .generationInfraStorageError, mayRetry: true, isLoss: true)
        }
        check(StoreError(code: .damaged, detail: ""), .generationInfraStorageError, mayRetry: true)
    }
}
