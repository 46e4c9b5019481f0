import Generations
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
}
