/// The mouth's fitted target for each class of phones, and how strongly a phone asks for it.
///
/// Least-squares fit on 28 talking-face clips of 21 speakers (Lipsmith's speech-to-mouth study, section 2). The
/// targets are what the recogniser's phones mean, its errors included, in unit scale.
enum MouthTargets {
    /// A class of phones that look alike.
    struct Class: Hashable {
        /// Short name, its most usual phone.
        var name: String
        /// Targets in unit scale, before loudness and stretch.
        var opening: Float
        var width: Float
        var jaw: Float
        /// Loud sounds of this class open the mouth more.
        var followsLoudness = false
    }

    /// How strongly a phone pulls the mouth against its neighbours, for opening and jaw, and for width.
    struct Strength: Hashable {
        var opening: Float
        var width: Float
    }

    private static let table: [(phones: String, mouthClass: Class)] = [
        ("P B M", Class(name: "PBM", opening: 0.14, width: 0.32, jaw: 0.43)),
        ("F V", Class(name: "FV", opening: 0.00, width: 0.43, jaw: 0.25)),
        ("TH DH", Class(name: "TH", opening: 0.28, width: 0.57, jaw: 0.39)),
        ("T D", Class(name: "T", opening: 0.40, width: 0.57, jaw: 0.40)),
        ("N NG", Class(name: "N", opening: 0.31, width: 0.44, jaw: 0.36)),
        ("L", Class(name: "L", opening: 0.27, width: 0.22, jaw: 0.46)),
        ("S Z", Class(name: "S", opening: 0.27, width: 0.54, jaw: 0.28)),
        ("SH ZH CH JH", Class(name: "SH", opening: 0.39, width: 0.38, jaw: 0.29)),
        ("K G", Class(name: "K", opening: 0.42, width: 0.31, jaw: 0.43)),
        ("HH", Class(name: "HH", opening: 0.54, width: 0.50, jaw: 0.42, followsLoudness: true)),
        ("R ER", Class(name: "R", opening: 0.22, width: 0.24, jaw: 0.33, followsLoudness: true)),
        ("W", Class(name: "W", opening: 0.25, width: -0.07, jaw: 0.54)),
        ("OW AO OY", Class(name: "OW", opening: 0.37, width: 0.14, jaw: 0.55, followsLoudness: true)),
        ("UW UH", Class(name: "UW", opening: 0.27, width: 0.29, jaw: 0.38, followsLoudness: true)),
        ("AA AW", Class(name: "AA", opening: 0.71, width: 0.60, jaw: 0.73, followsLoudness: true)),
        ("AE AY", Class(name: "AE", opening: 0.84, width: 0.90, jaw: 0.84, followsLoudness: true)),
        ("AH", Class(name: "AH", opening: 0.35, width: 0.42, jaw: 0.47, followsLoudness: true)),
        ("EH EY", Class(name: "EH", opening: 0.58, width: 0.81, jaw: 0.52, followsLoudness: true)),
        ("IH", Class(name: "IH", opening: 0.41, width: 0.54, jaw: 0.43, followsLoudness: true)),
        ("IY Y", Class(name: "IY", opening: 0.28, width: 0.78, jaw: 0.36, followsLoudness: true)),
    ]

    /// Silence, noise and fillers.
    static let silence = Class(name: "SIL", opening: 0.31, width: 0.62, jaw: 0.30)

    /// The class of every ARPAbet phone (without stress) and of `SIL`.
    static let classes: [String: Class] = {
        var classes = [TimedPhone.silence: silence]
        for row in table {
            for phone in row.phones.split(separator: " ") { classes[String(phone)] = row.mouthClass }
        }
        return classes
    }()

    /// The same for phones that are known and not recognised: sharper, since no error is averaged in, and complete
    /// without loudness.
    static let exactClasses: [String: Class] = {
        var classes = Self.classes.mapValues {
            var mouthClass = $0
            mouthClass.followsLoudness = false
            return mouthClass
        }
        for row in exactTable {
            for phone in row.phones.split(separator: " ").map(String.init) {
                classes[phone] = Class(
                    name: classes[phone]?.name ?? phone, opening: row.opening, width: row.width, jaw: row.jaw)
            }
        }
        return classes
    }()

    /// The study's section on known text, fitted on aligned speech. TH and HH keep the values of recognised phones: it
    /// gives none for them.
    private static let exactTable: [(phones: String, opening: Float, width: Float, jaw: Float)] = [
        ("P", 0.15, 0.32, 0.51), ("B", 0.03, 0.30, 0.44), ("M", 0.06, 0.31, 0.34), ("F", -0.02, 0.40, 0.23),
        ("V", 0.03, 0.42, 0.21), ("W", 0.20, -0.12, 0.54), ("AA", 0.89, 0.60, 0.84), ("AE", 1.06, 0.93, 1.02),
        ("AY", 0.98, 0.88, 0.95), ("AW", 0.79, 0.58, 0.85), ("AO OY", 0.60, 0.06, 0.81), ("OW", 0.40, 0.10, 0.62),
        ("EH", 0.81, 0.72, 0.79), ("EY", 0.67, 0.86, 0.63), ("IY Y", 0.41, 0.79, 0.49), ("IH", 0.56, 0.78, 0.57),
        ("AH", 0.45, 0.44, 0.49), ("UW UH", 0.32, 0.17, 0.43), ("R ER", 0.32, 0.17, 0.41), ("L", 0.34, 0.32, 0.52),
        ("S Z", 0.28, 0.56, 0.30), ("SH ZH CH JH", 0.47, 0.28, 0.41), ("T D", 0.34, 0.50, 0.35),
        ("N NG", 0.31, 0.50, 0.33), ("K G", 0.57, 0.47, 0.49),
    ]

    private static let sibilants: Set = ["S", "Z", "SH", "ZH", "CH", "JH"]
    private static let tongueBackAndBreath: Set = ["K", "G", "NG", "HH"]
    private static let lipShaped: Set = ["F", "V", "W", "UW", "UH", "OW", "OY", "AO", "R", "ER"]
    private static let spread: Set = ["IY", "IH", "Y"]

    /// The strength of a phone (without stress); unknown ones are neutral.
    static func strength(of phone: String) -> Strength {
        if sibilants.contains(phone) { return Strength(opening: 1.5, width: 2) }
        if tongueBackAndBreath.contains(phone) { return Strength(opening: 0.3, width: 0.3) }
        if lipShaped.contains(phone) { return Strength(opening: 1, width: 2) }
        if spread.contains(phone) { return Strength(opening: 1, width: 0.3) }
        return Strength(opening: phone == TimedPhone.silence ? 0.3 : 1, width: 1)
    }
}
