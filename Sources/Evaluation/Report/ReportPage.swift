import Drawing
import Raster
import Settings

/// A page about drawings that stands alone: one HTML file with its pictures in it, which asks nothing of a network and
/// runs no script. In English.
public struct ReportPage: Sendable {
    /// Encodes a picture.
    /// - Returns: the bytes of a file of type `ReportPage.pictureType`.
    public typealias Encoder = (Bitmap) throws -> [UInt8]

    /// What pictures are encoded as.
    public static let pictureType = "image/jpeg"

    private let title: String
    private let lead: [String]
    private let whole: (before: Bitmap, after: Bitmap)?
    private let sections: [ReportSection]
    private let notes: [String]

    /// - Parameters:
    ///   - title: plain text, as all texts here.
    ///   - lead: sentences under it, a paragraph each.
    ///   - whole: the photograph and its drawing.
    ///   - sections: one for each face.
    ///   - notes: what the reader must know besides.
    public init(
        title: String, lead: [String], whole: (before: Bitmap, after: Bitmap)?, sections: [ReportSection],
        notes: [String]
    ) {
        (self.title, self.lead, self.whole, self.sections, self.notes) = (title, lead, whole, sections, notes)
    }

    /// The file.
    /// - Throws: what `encode` throws.
    public func html(_ encode: Encoder) throws -> String {
        // What the page may load is said to the browser too: pictures within it and nothing else.
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy"
         content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <title>\(title.escaped)</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <input type="checkbox" id="mesh" checked>
        <header>
        <h1>\(title.escaped)</h1>
        \(lead.map(Self.paragraph).joined(separator: "\n"))
        \(sections.isEmpty ? "" : Self.legend)
        </header>
        <main>
        \(try wholePictures(encode))
        \(summary)
        \(sections.map(\.html).joined(separator: "\n"))
        </main>
        <footer>
        \(sections.isEmpty ? "" : Self.method)
        \(notes.map(Self.paragraph).joined(separator: "\n"))
        </footer>
        </body>
        </html>

        """
    }

    private static let legend = """
        <p class="legend"><label for="mesh">The mesh</label>
        <span class="key after"></span> where the features are in each picture
        <span class="key ghost"></span> on a drawing: where the photograph has them</p>
        """

    /// 63 mm is the mean distance between adults' pupils (Dodgson 2004).
    private static let method = """
        <h2>How this was measured</h2>
        <p>MediaPipe’s networks place a mesh of 478 points on the face, once in the photograph and once in the
        drawing. How far a feature moved is the mean way of the points on its outline. One percent of the
        distance between the eyes is about 0.6 mm on a living head. The same is measured between the
        photograph and copies of it that are shifted by a pixel at most, in which nothing has moved: the mark
        on each bar shows what comes out. What does not reach beyond it says nothing. The networks learned
        from photographs; with drawings, which have bolder lines, they may be further off.</p>
        <p>Left and right are the viewer’s. Colours are means over the face’s skin and over its hair in CIE L*a*b*; ΔE
        is their distance (CIE 1976). Of two plain areas side by side, a ΔE of about 2.3 can just be told
        apart.</p>
        """

    private func wholePictures(_ encode: Encoder) throws -> String {
        guard let (before, after) = whole else { return "" }
        return """
            <section class="whole">
            <div class="pictures">
            \(try Self.figure(before, "Photograph", overlay: "", encode))
            \(try Self.figure(after, "Drawing", overlay: "", encode))
            </div>
            </section>
            """
    }

    static func paragraph(_ text: String) -> String { "<p>\(text.escaped)</p>" }

    static func figure(_ picture: Bitmap, _ caption: String, overlay: String, _ encode: Encoder) throws -> String {
        let (width, height) = (picture.width, picture.height)
        return """
            <figure><div class="frame"><img width="\(width)" height="\(height)" alt="\(caption.escaped)" \
            src="data:\(pictureType);base64,\(try encode(picture).base64)">\(overlay)</div>\
            <figcaption>\(caption.escaped)</figcaption></figure>
            """
    }

    // MARK: - Many faces

    /// Medians over the faces, for each drawing; empty for one face.
    private var summary: String {
        guard sections.count > 1 else { return "" }
        var names: [String] = []
        for name in sections.flatMap({ $0.results.map(\.name) }) where !names.contains(name) { names.append(name) }
        let rows = names.map { name in
            let results = sections.flatMap(\.results).filter { $0.name == name }
            let moved = FaceFeature.allCases.map { feature in
                let shares = results.flatMap(\.movements).filter { $0.feature == feature }.map(\.share)
                return number(Statistics.median(shares).map { $0 * 100 }, 1)
            }
            let colours = [\ColourShift.skin, \.hairChroma].map { figure in
                number(Statistics.median(results.compactMap { $0.colours?.shift[keyPath: figure] }), 1)
            }
            let cells = (["\(results.count { !$0.movements.isEmpty })"] + moved + colours).map { "<td>\($0)</td>" }
            return "<tr><th scope=\"row\">\(name.escaped)</th>\(cells.joined())</tr>"
        }
        let columns = (["", "faces"] + FaceFeature.allCases.map(\.name) + ["skin, ΔE", "hair, chroma"]).map {
            "<th scope=\"col\">\($0)</th>"
        }
        return """
            <section><h2>All \(sections.count) faces</h2>
            <p>Medians: how far features moved in percent of the distance between the eyes, and how far colours are
            from the photograph’s.</p>
            <div class="scroll"><table><thead><tr>\(columns.joined())</tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div></section>
            """
    }
}

extension String {
    /// As text or as an attribute's value of HTML.
    var escaped: String {
        var result = ""
        for character in printable {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
