/// Where a picture or a sound comes from, in words of IPTC's list of digital sources
/// (http://cv.iptc.org/newscodes/digitalsourcetype).
public enum DigitalSource: String, Codable, Sendable {
    /// Made by a network that was trained on media.
    case trainedAlgorithmicMedia
    /// Partly so, partly of other media.
    case compositeWithTrainedAlgorithmicMedia
    /// Made by a program that learnt nothing.
    case algorithmicMedia
    /// Other media, made better by a program.
    case algorithmicallyEnhanced

    /// Its address in the list.
    public var address: String { "http://cv.iptc.org/newscodes/digitalsourcetype/\(rawValue)" }
}
