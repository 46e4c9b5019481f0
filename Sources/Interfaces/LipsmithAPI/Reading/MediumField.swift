import Generations
import Text
import WebInterface

extension FieldReader {
    /// A medium, `{"asset": ID}` or `{"url": ADDRESS}`; nil where it is absent or wrong.
    mutating func medium(_ name: String) -> InputSource? {
        guard var medium = object(name) else { return nil }
        defer { report(medium) }
        medium.checkNames(["asset", "url"])
        let asset = medium.uuid("asset")
        let url = medium.text("url")
        switch (asset, url) {
        case (let asset?, nil): return .asset(AssetID(rawValue: asset))
        case (nil, let url?):
            guard let problem = WebAddress.problem(in: url) else { return .url(url) }
            medium.report("url", problem)
        case (_?, _?): medium.report("url", "excludes asset.")
        case (nil, nil) where medium.problems.isEmpty: medium.report("asset", "or url must be given.")
        case (nil, nil): break
        }
        return nil
    }
}
