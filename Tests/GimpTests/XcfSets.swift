import Foundation

/// A file in GIMP's own format as far as it stores sets of layers
/// (https://developer.gimp.org/core/standards/xcf/): no call of GIMP's makes or names such sets.
struct XcfSets {
    struct Unreadable: Error {}

    private enum Kind {
        static let end = 0, parasites = 21, set = 40, memberOf = 41
        /// None that GIMP knows: it goes on behind it.
        static let filler = 9999
    }

    private struct Property {
        let kind: Int
        /// With its kind and its length.
        let place: Range<Int>
    }

    private struct Layer {
        let name: String
        let properties: [Property]
    }

    private(set) var data: Data
    private var image: [Property] = []
    private var layers: [Layer] = []

    init(_ data: Data) throws {
        self.data = data
        // “gimp xcf v014” and so on; the first two versions have another word there.
        let version = Int(String(decoding: data.dropFirst(10).prefix(3), as: UTF8.self)) ?? 0
        let widePlaces = version >= 11, head = version >= 4 ? 30 : 26
        var place: Int
        (image, place) = try properties(from: head)
        while true {
            let layer = try word(widePlaces ? place + 4 : place)
            if layer == 0 { break }
            let name = try text(layer + 12)
            layers.append(Layer(name: name.value, properties: try properties(from: name.end).all))
            place += widePlaces ? 8 : 4
        }
    }

    /// The layers of each set, from the top of the image.
    func sets() throws -> [String: [String]] {
        let names = try image.filter { $0.kind == Kind.set }.map { try text($0.place.lowerBound + 16).value }
        var sets = Dictionary(uniqueKeysWithValues: names.map { ($0, [String]()) })
        for layer in layers {
            for property in layer.properties where property.kind == Kind.memberOf {
                let index = try word(property.place.lowerBound + 8)
                guard names.indices.contains(index) else { throw Unreadable() }
                sets[names[index], default: []].append(layer.name)
            }
        }
        return sets
    }

    /// Stores a set in the place of the parasites of the image and of its members, which have to be long enough.
    mutating func store(_ name: String, of members: Set<String>) throws {
        let text = Data(name.utf8) + [0]
        // Of layers, and not by a pattern of their names.
        try replaceParasites(
            of: image, by: Kind.set, Self.word(0) + Self.word(0xFFFF_FFFF) + Self.word(text.count) + text)
        for layer in layers where members.contains(layer.name) {
            try replaceParasites(of: layer.properties, by: Kind.memberOf, Self.word(0))
        }
    }

    private mutating func replaceParasites(of properties: [Property], by kind: Int, _ content: Data) throws {
        guard let place = properties.first(where: { $0.kind == Kind.parasites })?.place,
            case let rest = place.count - 16 - content.count, rest >= 0
        else { throw Unreadable() }
        data.replaceSubrange(
            place,
            with: Self.word(kind) + Self.word(content.count) + content + Self.word(Kind.filler) + Self.word(rest)
                + Data(count: rest))
    }

    private static func word(_ value: Int) -> Data {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Data($0) }
    }

    private func word(_ place: Int) throws -> Int {
        guard place >= 0, place + 4 <= data.count else { throw Unreadable() }
        return data[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private func text(_ place: Int) throws -> (value: String, end: Int) {
        let count = try word(place), start = place + 4
        guard count > 0, start + count <= data.count else { throw Unreadable() }
        return (String(decoding: data[start..<start + count - 1], as: UTF8.self), start + count)
    }

    private func properties(from start: Int) throws -> (all: [Property], end: Int) {
        var all: [Property] = [], place = start
        while true {
            let kind = try word(place), end = try place + 8 + word(place + 4)
            if kind == Kind.end { return (all, end) }
            all.append(Property(kind: kind, place: place..<end))
            place = end
        }
    }
}
