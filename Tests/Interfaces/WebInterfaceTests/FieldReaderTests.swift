import Generations
import HTTP
import Testing
import Text
import WebInterface

@Suite("Reading fields")
struct FieldReaderTests {
    private static let strict = FieldRules(
        errorLimit: 3, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)
    private static let lenient = FieldRules(
        errorLimit: 50, trueWords: ["yes"], falseWords: ["no"], takesNumbersAsFlags: true, trimsNumbers: true)

    private func reader(_ members: [String: JSONValue], _ rules: FieldRules = lenient) -> FieldReader {
        FieldReader(members, at: ["body"], rules: rules)
    }

    @Test("null counts as absent for what may be left out, and as a wrong type for what must be there")
    func nulls() {
        var reader = reader(["name": .null])
        #expect(reader.text("name") == nil)
        #expect(reader.problems.isEmpty)
        #expect(reader.text("name", isRequired: true) == nil)
        #expect(reader.problems.map(\.cause) == [.type(.string)])
    }

    @Test("An absent field that must be there is missing, with the object as its input")
    func missing() {
        var reader = reader(["other": 1])
        _ = reader.uuid("id", isRequired: true)
        #expect(reader.problems == [.missing(["body", "id"], input: ["other": 1])])
    }

    @Test("Texts have a length in Unicode scalars")
    func texts() {
        var reader = reader(["short": "a", "long": "abcd", "flag": "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
        #expect(reader.text("short", least: 1) == "a")
        _ = reader.text("short", least: 2)
        _ = reader.text("long", most: 3)
        _ = reader.text("flag", most: 6)
        #expect(
            reader.problems.map(\.cause) == [
                .tooShort(least: 2), .tooLong(.string, most: 3), .tooLong(.string, most: 6),
            ])
    }

    @Test(
        "Whole numbers",
        arguments: [
            (7, 7, nil), ("7", 7, nil), (" 7.0", 7, nil), (7.0, 7, nil), (7.5, nil, .fraction),
            ("7.5", nil, .unreadable(.integer)), ("x", nil, .unreadable(.integer)), (true, nil, .type(.integer)),
            (0, nil, .below(least: 1)), (10, nil, .above(most: 9)),
        ] as [(JSONValue, Int?, FieldError.Cause?)])
    func integers(value: JSONValue, number: Int?, cause: FieldError.Cause?) {
        var reader = reader(["n": value])
        #expect(reader.integer("n", in: 1...9) == number)
        #expect(reader.problems.first?.cause == cause)
        #expect(reader.problems.first?.place == (cause == nil ? nil : ["body", "n"]))
    }

    @Test("Numbers and truth values are taken in the forms that the rules name")
    func rules() {
        let members: [String: JSONValue] = ["n": " 1.5 ", "one": 1, "yes": "YES", "true": true]
        var lenient = reader(members)
        #expect(lenient.number("n") == 1.5)
        #expect(lenient.flag("one") == true)
        #expect(lenient.flag("yes") == true)
        #expect(lenient.flag("true") == true)
        #expect(lenient.problems.isEmpty)
        var strict = reader(members, Self.strict)
        #expect(strict.number("n") == nil)
        #expect(strict.flag("one") == nil)
        #expect(strict.flag("yes") == nil)
        #expect(strict.flag("true") == true)
        #expect(strict.problems.map(\.cause) == [.unreadable(.number), .unreadable(.flag), .unreadable(.flag)])
    }

    @Test("Problems end at the limit of the rules")
    func limit() {
        var reader = reader(["a": 1, "b": 2, "c": 3, "d": 4], Self.strict)
        for name in ["a", "b", "c", "d"] { _ = reader.text(name) }
        #expect(reader.problems.count == 3)
        #expect(throws: RequestError.fields(reader.problems)) { try reader.check() }
    }

    @Test("Parts know their place, and hand their problems back")
    func parts() throws {
        var reader = reader(["part": ["name": 5], "list": [["name": 6], 7]])
        let object = reader.object("part")
        var part = try #require(object)
        _ = part.text("name")
        reader.report(part)
        let items = reader.objects("list")
        for var item in try #require(items) {
            _ = item.text("name")
            reader.report(item)
        }
        #expect(
            reader.problems.map(\.place) == [
                ["body", "part", "name"], ["body", "list", 1], ["body", "list", 0, "name"],
            ])
    }

    @Test("UUIDs come out in canonical form, one by one or in lists")
    func uuids() {
        let id = "0b5e2c1a-9f3d-4b7e-8a6c-1d2e3f4a5b6c"
        let bare = id.replacing("-", with: "")
        var reader = reader(["one": .string(id.uppercased()), "bare": .string(bare), "list": [.string(id), "x"]])
        #expect(reader.uuid("one") == id)
        #expect(reader.uuids("bare", takesSingle: true) == [id])
        #expect(reader.uuids("list") == nil)
        #expect(
            reader.problems == [
                FieldError(.unreadable(.uuid, "invalid UUID"), at: ["body", "list", 1], input: "x")
            ])
    }

    @Test(
        "Addresses that are none",
        arguments: [
            ("", .unreadable(.url, "input is empty")),
            ("films/a.mp4", .unreadable(.url, "relative URL without a base")),
            ("ftp://a.test/b", .scheme), (5, .type(.url)),
            (.string("http://a.test/" + String(repeating: "a", count: 2100)), .tooLong(.url, most: 2083)),
        ] as [(JSONValue, FieldError.Cause)])
    func addresses(value: JSONValue, cause: FieldError.Cause) {
        var reader = reader(["url": value])
        #expect(reader.address("url") == nil)
        #expect(reader.problems.map(\.cause) == [cause])
    }

    @Test("A list with more items than anybody needs is refused without being repeated")
    func longList() {
        var reader = reader(["list": .array(Array(repeating: [:], count: 101))])
        #expect(reader.objects("list") == nil)
        #expect(
            reader.problems == [
                FieldError(.tooManyItems(.list, count: 101, most: 100), at: ["body", "list"], input: .null)
            ])
    }

    @Test("Lists in queries: repeated, with commas, and as JSON where that is taken")
    func queries() throws {
        let query = try HTTPQuery(parsing: "a=1,%202&a=3&b=%5B%22x%22,5%5D&c=")
        #expect(query.list("a") == ["1", "2", "3"])
        #expect(query.list("b", takesJSON: true) == ["x", "5"])
        #expect(query.list("b") == ["[\"x\"", "5]"])
        #expect(query.list("c").isEmpty)
        #expect(query.members(["a", "c", "d"]) == ["a": "1, 2"])
    }
}
