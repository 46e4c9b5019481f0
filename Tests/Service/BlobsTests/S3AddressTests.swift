import Blobs
import Testing

struct S3AddressTests {
    /// Amazon's bucket stands in the host, unless its certificate would not fit; any other service's in the path.
    @Test(arguments: [
        ("s3://films", "", "https://films.s3.eu-west-3.amazonaws.com"),
        ("s3://films/a/b/", "a/b", "https://films.s3.eu-west-3.amazonaws.com"),
        ("s3://my.films?region=eu-west-3", "", "https://s3.eu-west-3.amazonaws.com/my.films"),
        ("s3://films?style=path", "", "https://s3.eu-west-3.amazonaws.com/films"),
        ("s3://films/x?endpoint=https://s3.example.com:9000/", "x", "https://s3.example.com:9000/films"),
        ("s3://films?endpoint=https://s3.example.com:443&style=virtual", "", "https://films.s3.example.com"),
        ("s3://films?endpoint=http%3A%2F%2F127.0.0.1%3A80", "", "http://127.0.0.1/films"),
    ])
    func places(_ text: String, prefix: String, base: String) throws {
        let address = try S3Address(parsing: text)
        let parts = address.base(region: "eu-west-3")
        #expect(address.prefix == prefix)
        #expect("\(parts.scheme)://\(parts.host)\(parts.path)" == base)
    }

    @Test func china() throws {
        let parts = try S3Address(parsing: "s3://films").base(region: "cn-north-1")
        #expect(parts.host == "films.s3.cn-north-1.amazonaws.com.cn")
    }

    /// Each error names the part that is wrong, and none repeats what may be a secret.
    @Test(arguments: [
        ("https://films", "s3://"), ("films", "s3://"), ("", "s3://"), ("s3://films/a b", "prefix"),
        ("s3://key:hidden@films", "more than the bucket"), ("s3://films:9000", "more than the bucket"),
        ("s3://films#x", "more than the bucket"), ("s3://", "bucket's name"), ("s3://ab", "bucket's name"),
        ("s3://Films", "bucket's name"), ("s3://my_films", "bucket's name"), ("s3://a..b", "bucket's name"),
        ("s3://films-", "bucket's name"), ("s3://films/../x", "prefix"), ("s3://films/%C3%BC", "prefix"),
        ("s3://films?endpoint=example.com", "endpoint"), ("s3://films?endpoint=ftp://example.com", "endpoint"),
        ("s3://films?endpoint=https://example.com/path", "endpoint"), ("s3://films?endpoint=", "endpoint"),
        ("s3://films?endpoint=https://a:hidden@example.com", "endpoint"), ("s3://films?region=EU", "region"),
        ("s3://films?region=a&region=b", "region"), ("s3://films?style=host", "style"),
        ("s3://films?secret=hidden", "\"secret\""),
    ])
    func errors(_ text: String, names part: String) {
        let error = #expect(throws: S3Problem.self, "\(text)") { try S3Address(parsing: text) }
        #expect(error?.code == .addressInvalid)
        #expect(error?.sentence.contains(part) == true, "\(text): \(error?.sentence ?? "")")
        #expect(error?.description.contains("hidden") == false)
    }
}
