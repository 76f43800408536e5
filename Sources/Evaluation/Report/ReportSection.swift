import Drawing
import Raster

/// One face on a page: the photograph beside its drawings, what became of each in words, figures and plots.
public struct ReportSection: Sendable {
    /// What a page's summary is made of.
    struct Result: Sendable {
        let name: String
        let movements: [FeatureMovement]
        let colours: ColourComparison?
    }

    let html: String
    let results: [Result]

    /// Pictures are encoded at once, so that a page of many faces holds none.
    /// - Parameters:
    ///   - title: what the face is called, plain text.
    ///   - drawings: at least one.
    /// - Throws: what `encode` throws.
    public init(title: String, face: ReportedFace, drawings: [DrawnFace], encode: ReportPage.Encoder) throws {
        html = try Self.html(title, face, drawings, encode)
        results = drawings.map { Result(name: $0.name, movements: $0.movements, colours: $0.colours) }
    }

    private static func html(
        _ title: String, _ face: ReportedFace, _ drawings: [DrawnFace], _ encode: ReportPage.Encoder
    ) throws -> String {
        let before = MeshPlot(size: face.picture, meshes: [face.mesh.map { ($0, .after) }]).svg
        let figures = try drawings.map { drawing in
            let plot = MeshPlot(
                size: drawing.picture, meshes: [face.mesh.map { ($0, .ghost) }, drawing.mesh.map { ($0, .after) }])
            return try ReportPage.figure(drawing.picture, drawing.name, overlay: plot.svg, encode)
        }
        return """
            <section>
            <h2>\(title.escaped)</h2>
            <div class="pictures">
            \(try ReportPage.figure(face.picture, "Photograph", overlay: before, encode))
            \(figures.joined(separator: "\n"))
            </div>
            \(drawings.map { words($0, face, isOne: drawings.count == 1) }.joined(separator: "\n"))
            </section>
            """
    }

    // MARK: - Words and figures

    private static func words(_ drawing: DrawnFace, _ face: ReportedFace, isOne: Bool) -> String {
        let heading = isOne ? "" : "<h3>\(drawing.name.escaped)</h3>"
        let sentences = ReportWords(face: face, drawing: drawing)
        return """
            <div class="drawing">
            \(heading)
            \((sentences.geometry + sentences.colours).map(ReportPage.paragraph).joined(separator: "\n"))
            \(table(drawing.movements, face))
            \(drawing.colours.map(plots) ?? "")
            </div>
            """
    }

    private static func table(_ movements: [FeatureMovement], _ face: ReportedFace) -> String {
        guard !movements.isEmpty else { return "" }
        let rows = movements.map { movement in
            let floor = face.floor[movement.feature]
            return """
                <tr><th scope="row">\(movement.feature.name)</th><td>\(number(movement.distance, 1)) px</td>\
                <td>\(number(movement.share * 100, 1)) %</td>\
                <td>\(MovementBar(share: movement.share, floor: floor).svg)</td>\
                <td>\(ReportWords.direction(movement.shift))</td>\
                <td>\(number(movement.width, 2)) × \(number(movement.height, 2))</td></tr>
                """
        }
        return """
            <div class="scroll"><table>
            <thead><tr><th scope="col">feature</th><th scope="col">moved by</th>\
            <th scope="col">of the eyes’ distance</th>\
            <th scope="col">0 to \(number(MovementBar.most * 100, 0)) %</th><th scope="col">its middle</th>\
            <th scope="col">width × height</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>
            """
    }

    private static func plots(_ colours: ColourComparison) -> String {
        """
        <div class="plots">
        \(ColourPlot(name: "Skin", before: colours.skin.before, after: colours.skin.after).figure)
        \(ColourPlot(name: "Hair", before: colours.hair.before, after: colours.hair.after).figure)
        </div>
        """
    }
}
