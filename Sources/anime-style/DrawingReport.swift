import ArgumentParser
import Drawing
import Evaluation
import Files
import Raster
import Settings

/// The page about one photograph's drawing, and what pages need of every host.
enum DrawingReport {
    /// Pixels of the longer side of the whole photograph on the page.
    private static let longSide = 1200
    /// Faces that have a section of their own, the largest ones.
    private static let mostFaces = 8

    /// - Parameters:
    ///   - name: of the photograph, in words for people.
    ///   - lead: what was done.
    ///   - check: called before each face; throws to cancel.
    /// - Returns: the file.
    /// - Throws: `StyleError`.
    static func page(
        of drawing: Drawing, _ photograph: Photograph, name: String, lead: [String], notes: [String],
        meshes: FaceMeshFinder, templateScale: Double, check: () throws -> Void
    ) throws -> String {
        let rows = DrawnRows(drawing: drawing)
        let faces = drawing.faces.sorted { $0.box.area > $1.box.area }
        let shown = faces.prefix(mostFaces).sorted { $0.box.centre.x < $1.box.centre.x }
        let sections = try shown.enumerated().map { index, face in
            try check()
            let reported = try ReportedFace(face, of: photograph, meshes: meshes, templateScale: templateScale)
            return try ReportSection(
                title: shown.count == 1 ? "The face" : "Face \(index + 1), from the left", face: reported,
                drawings: [reported.drawn("Drawing", in: rows)], encode: encode)
        }
        var notes = notes
        if shown.isEmpty { notes.insert("No face was drawn apart, so there is nothing to measure.", at: 0) }
        if faces.count > mostFaces { notes.append("The \(mostFaces) largest of \(faces.count) faces are shown.") }
        try check()
        return try ReportPage(
            title: "\(name) and its drawing", lead: lead, whole: (shrunk(photograph), shrunk(rows)),
            sections: sections, notes: notes
        ).html(encode)
    }

    /// - Throws: `ValidationError` when a browser would not know the file for a page.
    static func checkName(_ path: String?, option: String) throws {
        guard let path = path?.lowercased(), !path.hasSuffix(".html"), !path.hasSuffix(".htm") else { return }
        throw ValidationError("\(option) writes a page, so its name must end in .html.")
    }

    static func encode(_ picture: Bitmap) throws -> [UInt8] { try PictureFile.encoded(picture, as: .jpg) }

    private static func shrunk(_ picture: any RowSource) throws -> Bitmap {
        let scale = min(1, Double(longSide) / Double(max(picture.width, picture.height)))
        func side(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
        return try areaResampled(picture, width: side(picture.width), height: side(picture.height))
    }
}

/// A drawing put together where it is read.
private struct DrawnRows: RowSource {
    let drawing: Drawing

    var width: Int { drawing.width }
    var height: Int { drawing.height }

    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        try drawing.part(PixelArea(columns: columns, rows: rows)).picture
    }
}
