public import ChildProtocol
import Generations
public import LipSync
public import Text

/// What a manifest says of a file.
public struct ManifestDraft: Sendable {
    /// How the file came into being.
    public enum Making: Sendable {
        /// A source was opened and changed.
        case edited(DigitalSource)
        /// It is new.
        case created(DigitalSource)
    }

    /// What a source is to the file.
    public enum Relationship: String, Sendable {
        /// The file is an edited form of it.
        case parentOf
        /// It is a part of the file.
        case componentOf
        /// Something was made by it.
        case inputTo
    }

    /// Something that the file was made of.
    public struct Source: Sendable {
        public var title: String
        public var relationship: Relationship
        /// Where it is; `nil` where it is not here any more.
        public var path: String?

        public init(title: String, relationship: Relationship, path: String?) {
            self.title = title
            self.relationship = relationship
            self.path = path
        }
    }

    /// What readers show as the file's name.
    public var title: String
    /// The file's media type.
    public var contentType: String
    public var making: Making
    /// At most one is `parentOf`; for an edited file there must be one.
    public var sources: [Source]
    /// The version of this program, as `lipsmith --version` tells it.
    public var version: String
    /// What only this program says, under `org.lipsmith.render`.
    public var statement: JSONValue
    /// The number of the watermark in the pictures; `nil` for none.
    public var watermark: UInt32?

    public init(
        title: String, contentType: String, making: Making, sources: [Source], version: String, statement: JSONValue,
        watermark: UInt32? = nil
    ) {
        self.title = title
        self.contentType = contentType
        self.making = making
        self.sources = sources
        self.version = version
        self.statement = statement
        self.watermark = watermark
    }

    /// The label of `statement`.
    public static let statementLabel = "org.lipsmith.render"
    /// The name of the watermark in manifests (C2PA 2, soft bindings).
    public static let watermarkName = "org.lipsmith.watermark.1"

    /// Whether files of the type can have a manifest.
    public var canBeSigned: Bool { ContentTypes.signable.contains(contentType) }

    /// The order to seal a file with this manifest.
    public func order(path: String, sealedPath: String) -> SealingOrder.File {
        SealingOrder.File(
            path: path, sealedPath: sealedPath, contentType: contentType, definition: definition.serialized,
            ingredients: sources.enumerated().map { number, source in
                SealingOrder.Ingredient(
                    path: source.path,
                    definition: JSONValue.object([
                        "title": .string(source.title), "relationship": .string(source.relationship.rawValue),
                        "label": .string(Self.label(number)), "instance_id": .string("xmp:iid:\(RandomBytes.uuid())"),
                    ]).serialized)
            })
    }

    private static func label(_ number: Int) -> String { "source-\(number)" }

    private var definition: JSONValue {
        var assertions: [JSONValue] = [
            ["label": "c2pa.actions.v2", "data": ["actions": .array(actions)]],
            ["label": .string(Self.statementLabel), "data": statement],
        ]
        if let watermark {
            assertions.append([
                "label": "c2pa.soft-binding",
                "data": [
                    "alg": .string(Self.watermarkName),
                    "blocks": [["scope": [:], "value": .string(WatermarkNumber.text(watermark))]],
                ],
            ])
        }
        return [
            "claim_generator_info": [["name": "Lipsmith", "version": .string(version)]], "title": .string(title),
            "format": .string(contentType), "assertions": .array(assertions),
        ]
    }

    private var actions: [JSONValue] {
        func labels(_ isWanted: (Source) -> Bool) -> JSONValue {
            .array(sources.indices.filter { isWanted(sources[$0]) }.map { .string(Self.label($0)) })
        }
        func parameters(_ labels: JSONValue) -> JSONValue? {
            labels.array?.isEmpty == false ? ["ingredientIds": labels] : nil
        }
        var actions: [JSONValue]
        switch making {
        case .created(let source):
            actions = [
                .compact(["action": "c2pa.created", "digitalSourceType": .string(source.address)])
            ]
            if let used = parameters(labels { $0.relationship == .componentOf }) {
                actions.append(["action": "c2pa.placed", "parameters": used])
            }
        case .edited(let source):
            actions = [
                .compact([
                    "action": "c2pa.opened", "parameters": parameters(labels { $0.relationship == .parentOf }),
                ]),
                .compact(["action": "c2pa.edited", "digitalSourceType": .string(source.address)]),
            ]
            if let used = parameters(labels { $0.relationship == .componentOf }) {
                actions.append(["action": "c2pa.placed", "parameters": used])
            }
        }
        if watermark != nil { actions.append(["action": "c2pa.watermarked.bound"]) }
        return actions
    }
}
