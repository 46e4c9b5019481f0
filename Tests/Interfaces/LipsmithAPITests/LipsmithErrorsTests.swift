import Generations
import HTTP
import LipsmithAPI
import Testing
import Text
import WebInterface

@Suite("Lipsmith's own API: errors")
struct LipsmithErrorsTests {
    @Test func unknownPathsGetTheInterfacesForm() throws {
        let response = LipsmithAPI.errors.response(
            to: HTTPError(.notFound, "not_found", "There is nothing here."), requestID: "r1")
        #expect(response.status == .notFound)
    }
}
