#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CGimp

/// A help page as lines of text, for machines on which no program shows such pages.
struct HelpText {
    struct Piece: Equatable {
        let text: String
        /// Of a heading, or what is explained.
        let isBold: Bool
    }

    let pieces: [Piece]

    /// - Parameter path: of a page that is well-formed XML.
    /// - Returns: `nil` when it cannot be read.
    init?(page path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let reader = Reader()
        var parser = GMarkupParser()
        parser.start_element = { _, name, _, _, reader, _ in Reader.of(reader)?.open(name.map { String(cString: $0) }) }
        parser.end_element = { _, _, reader, _ in Reader.of(reader)?.close() }
        parser.text = { _, text, length, reader, _ in
            guard let text else { return }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
            Reader.of(reader)?.add(String(decoding: bytes, as: UTF8.self))
        }
        let context = g_markup_parse_context_new(
            &parser, GMarkupParseFlags(rawValue: 0), Unmanaged.passUnretained(reader).toOpaque(), nil)
        defer { g_markup_parse_context_free(context) }
        let isRead = data.withUnsafeBytes { bytes in
            g_markup_parse_context_parse(
                context, bytes.bindMemory(to: CChar.self).baseAddress, gssize(bytes.count), nil) != 0
                && g_markup_parse_context_end_parse(context, nil) != 0
        }
        guard isRead, !reader.pieces.isEmpty else { return nil }
        pieces = reader.pieces
    }

    /// Turns elements into lines.
    private final class Reader {
        private(set) var pieces: [Piece] = []
        private var path: [String] = []
        /// Line breaks, or else a space, that stand before the next word.
        private var breaks = 0
        private var hasSpace = false
        /// Number of the last item of a list.
        private var item = 0

        private static let hidden: Set<String> = ["head", "nav", "figure"]
        private static let bold: Set<String> = ["h1", "h2", "th", "b"]
        /// Line breaks before what an element holds.
        private static let breaks = [
            "h1": 2, "h2": 3, "p": 2, "ol": 2, "table": 2, "pre": 2, "li": 1, "tr": 1,
        ]

        static func of(_ pointer: UnsafeMutableRawPointer?) -> Reader? {
            pointer.map { Unmanaged<Reader>.fromOpaque($0).takeUnretainedValue() }
        }

        func open(_ name: String?) {
            let name = name ?? ""
            path.append(name)
            breaks = max(breaks, Self.breaks[name] ?? 0)
            if name == "ol" { item = 0 }
            guard name == "li" else { return }
            item += 1
            put("\(item). ")
        }

        func close() {
            guard let name = path.popLast() else { return }
            if name == "th" { put(" – ") }
            if name == "table" || name == "pre" { breaks = max(breaks, 2) }
        }

        func add(_ text: String) {
            guard Self.hidden.isDisjoint(with: path) else { return }
            if path.contains("pre") { return put(text) }
            for word in text.split(whereSeparator: \.isWhitespace) {
                if text.first?.isWhitespace ?? false || word.startIndex != text.startIndex { hasSpace = true }
                put(String(word))
            }
            if text.last?.isWhitespace ?? false { hasSpace = true }
        }

        private func put(_ text: String) {
            var lead = ""
            if breaks > 0, !pieces.isEmpty {
                lead = String(repeating: "\n", count: breaks)
            } else if hasSpace, !(pieces.last?.text.last?.isWhitespace ?? true) {
                lead = " "
            }
            (breaks, hasSpace) = (0, false)
            let isBold = !Self.bold.isDisjoint(with: path)
            if let last = pieces.last, last.isBold == isBold {
                pieces[pieces.count - 1] = Piece(text: last.text + lead + text, isBold: isBold)
            } else {
                pieces.append(Piece(text: lead + text, isBold: isBold))
            }
        }
    }
}
