import ChildProtocol
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
        #expect(JobFailure(Odd()).error.code == .unknownFailure)
    }

    /// What a code of the engine becomes, and whether it is tried again.
    private static func expected(_ code: EngineCode) -> (code: FailureCode, mayRetry: Bool) {
        switch code {
        case .noFaceFound, .driveWithoutFace, .faceTooSmall, .faceTurnedAway, .videoInvalid, .imageInvalid:
            (.videoUnusable, false)
        case .audioInvalid: (.audioUnusable, false)
        case .faceSelectionInvalid: (.speakerInvalid, false)
        case .segmentsInvalid: (.segmentsInvalid, false)
        case .trimInvalid: (.trimInvalid, false)
        case .resolutionUnsupported: (.pictureSizeUnsupported, false)
        case .durationGreaterThanMaximum: (.inputTooLong, false)
        case .tooManyPictures: (.requestInvalid, false)
        case .inputUnreadable, .outputUnwritable: (.storageFailed, true)
        case .outputDiskFull: (.resourcesExhausted, true)
        case .installationIncomplete, .cancelled: (.partUnavailable, true)
        case .outputEncodingFailed, .stepUnusable, .engineFailed: (.processingFailed, true)
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
        #expect(failure.mayRetry == expected.mayRetry)
        #expect(failure.isLoss == (code == .cancelled))
        #expect(failure.error.message.utf8.allSatisfy { $0 < 0x80 })
        #expect(failure.error.detail.hasPrefix(code.rawValue))
        if code.rawValue.hasPrefix("generation_input") || expected.code == .requestInvalid {
            #expect(failure.error.message == "Too far: 40 degrees  at most.")
            #expect(failure.error.suggestion == "Send another.")
        }
    }

    @Test("A picture without a usable face has a code of its own where the interface shows it")
    func subject() {
        for code in [EngineCode.noFaceFound, .faceTooSmall, .faceTurnedAway] {
            let told = ChildMessage.Failure(code: code.rawValue, message: "No.", suggestion: "Other.", detail: "")
            #expect(
                JobFailure(ChildFailure.told(told), showsSubject: true).error.code == .subjectNotFound)
        }
    }

    @Test("What a child that was taken over says is no reason to try again")
    func invented() {
        let told = ChildMessage.Failure(code: "insufficient_balance", message: "Pay!", suggestion: "", detail: "")
        let failure = JobFailure(ChildFailure.told(told))
        #expect(failure.error.code == .processingFailed)
        #expect(!failure.mayRetry)
        #expect(!failure.error.message.contains("Pay"))
    }

    @Test("Every other end of a child, and what the store says")
    func children() {
        func check(_ error: any Error, _ code: FailureCode, mayRetry: Bool, isLoss: Bool = false) {
            let failure = JobFailure(error)
            #expect(failure.error.code == code, "\(error)")
            #expect(failure.mayRetry == mayRetry, "\(error)")
            #expect(failure.isLoss == isLoss, "\(error)")
        }
        check(ChildFailure.crashed(SIGSEGV), .processingFailed, mayRetry: true)
        check(ChildFailure.senseless, .processingFailed, mayRetry: true)
        check(ChildFailure.outOfMemory, .resourcesExhausted, mayRetry: true)
        check(ChildFailure.timedOut, .timedOut, mayRetry: false)
        check(ChildFailure.notStarted, .partUnavailable, mayRetry: true)
        check(ChildFailure.killed, .partUnavailable, mayRetry: true, isLoss: true)
        for code in [StoreError.Code.full, .busy, .unavailable] {
            check(StoreError(code: code, detail: ""), .storageFailed, mayRetry: true, isLoss: true)
        }
        check(StoreError(code: .damaged, detail: ""), .storageFailed, mayRetry: true)
    }
}
