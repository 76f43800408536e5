import Drawing
import Raster

/// The report as Markdown.
extension QualityReport {
    /// Headings, tables and notes, each line ended.
    public func markdown() -> String {
        let parts = [head()] + (measured > 0 ? [floorTable()] + styles.map(section) : []) + [noteList()]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func head() -> String {
        var text = "\(measured) of \(photographs.count) photographs have a face to measure, the largest in each.\n"
        if !withoutFace.isEmpty {
            text += "No face large enough was found in: \(withoutFace.joined(separator: ", ")).\n"
        }
        return text
    }

    private func noteList() -> String { notes.map { "- \($0)\n" }.joined() }

    private func section(_ style: Style) -> String {
        [
            geometryTable(style), targetTable(style), skinTable(style), hairTable(style), lineTable(style),
            borderTable(style), gridTable(style),
        ].joined(
            separator: "\n")
    }

    // MARK: Geometry

    private func floorTable() -> String {
        let rows = readers.map { reader in
            let floor = floor(reader)
            return [reader, "\(floor.changes.count)", "\(floor.lost)"]
                + Figure.allCases.map { number(floor.median($0), 4) }
        }
        let blind = readers.map { ($0, floor($0).blind) }.filter { !$0.1.isEmpty }.map { reader, names in
            "\(reader) alone, in the face's surroundings, does not find the face of: "
                + "\(names.joined(separator: ", ")); left out of its rows.\n"
        }
        return "## Noise of the landmark detectors\n\n"
            + "MTCNN finds the face anew in each picture; O-Net is its last network alone, on the photograph's box "
            + "in both pictures; K is the keypoint network. "
            + "Medians on jittered photographs (shift ±1 pixel, scale ±1 %, noise ±1 grey level), in inter-ocular "
            + "distances.\n\n"
            + table(["detector", "N", "lost", "eyes", "mouth corners", "mouth asymmetry"], rows)
            + (blind.isEmpty ? "" : "\n" + blind.joined())
    }

    private func geometryTable(_ style: Style) -> String {
        var lost: [String] = []
        let rows = style.variants.flatMap { variant in
            readers.map { reader in
                let seen = geometry(style, variant: variant, reader: reader)
                if !seen.lost.isEmpty {
                    lost.append("Not found again by \(reader), \(variant): \(seen.lost.joined(separator: ", ")).\n")
                }
                return [variant, reader, "\(seen.changes.count)", "\(seen.lost.count)"]
                    + Figure.allCases.map { interval(seen.estimate($0), 4) }
            }
        }
        return "## \(style.id) \(style.version): geometry\n\n"
            + "Medians with 95 % intervals, in inter-ocular distances. N counts the faces that were found again.\n\n"
            + table(
                [
                    "variant", "detector", "N", "not found again", "eye offset", "mouth corners",
                    "change of mouth asymmetry",
                ], rows)
            + (lost.isEmpty ? "" : "\n" + lost.joined())
    }

    private func targetTable(_ style: Style) -> String {
        let rows = style.variants.enumerated().flatMap { index, variant in
            readers.map { reader in
                [variant, reader]
                    + [(Figure.eyes, Target.eyes), (.asymmetry, Target.asymmetry)].flatMap {
                        figure, target -> [String] in
                        guard let seen = comparison(figure, style, variant: variant, reader: reader) else {
                            return ["–", "–", "–"]
                        }
                        let wanted = index == 0 ? "baseline" : verdict(seen.reduction.map { $0 >= target })
                        return [number(seen.excess, 4), index == 0 ? "" : change(seen.reduction), wanted]
                    }
            }
        }
        return "Excess over the detector's floor, √(m² − floor²), and its change against the baseline.\n\n"
            + table(
                [
                    "variant", "detector", "eye excess", "change", "target −\(percent(Target.eyes))",
                    "asymmetry excess", "change", "target −\(percent(Target.asymmetry))",
                ], rows)
    }

    private func change(_ reduction: Double?) -> String {
        guard let reduction else { return "baseline at the floor" }
        return (reduction >= 0 ? "−" : "+") + percent(abs(reduction))
    }

    private func verdict(_ met: Bool?) -> String { met.map { $0 ? "met" : "not met" } ?? "not measurable" }

    // MARK: Colour

    private func skinTable(_ style: Style) -> String {
        let groups: [(String, SkinTone?)] = [
            ("all", nil), ("light (above 41°)", .light), ("intermediate (10° to 41°)", .intermediate),
            ("dark (below 10°)", .dark),
        ]
        let rows = groups.map { title, tone -> [String] in
            let on = colours(style, \.corrected, tone: tone), off = colours(style, \.uncorrected, tone: tone)
            let estimate = Statistics.estimate(on.map(\.shift.skin))
            return [
                title, "\(on.count)", interval(estimate, 1), number(on.map(\.shift.skin).max(), 1),
                number(Statistics.median(on.map(\.shift.skinPixels)), 1),
                number(Statistics.median(off.map(\.shift.skin)), 1),
                number(Statistics.median(off.map(\.shift.skinPixels)), 1),
                on.isEmpty ? "–" : verdict(estimate.map { $0.median <= Target.skin }),
            ]
        }
        let above = colours(style, \.corrected, tone: nil).filter { $0.shift.skin > Target.skin }.map {
            "\($0.name) (\(number($0.shift.skin, 1)))"
        }
        return "## \(style.id) \(style.version): skin\n\n"
            + "ΔE*ab (CIE 1976) between the mean colours of the face's skin, median; the target is about this one. "
            + "“By pixel” is the mean ΔE*ab of the skin's pixels, shading and lines included. Groups by individual "
            + "typology angle in the photograph.\n\n"
            + table(
                [
                    "skin", "N", "ΔE, constancy on", "largest", "by pixel", "ΔE, off", "by pixel, off",
                    "target ≤ \(number(Target.skin, 0))",
                ], rows)
            + (above.isEmpty
                ? "" : "\nAbove \(number(Target.skin, 0)) with constancy on: \(above.joined(separator: ", ")).\n")
    }

    private func hairTable(_ style: Style) -> String {
        let rows = [("on", \StyleMeasurement.Record.corrected), ("off", \.uncorrected)].map { title, path -> [String] in
            let all = colours(style, path, tone: nil), hues = all.compactMap(\.shift.hairHue)
            return [
                title, "\(hues.count)", interval(Statistics.estimate(hues), 1), number(hues.max(), 1),
                "\(all.count)", interval(Statistics.estimate(all.map(\.shift.hairChroma)), 1),
            ]
        }
        return "## \(style.id) \(style.version): hair\n\n"
            + "Hue of the hair region's mean colour, where the photograph's has a chroma of at least 5, and its "
            + "distance in the a*, b* plane; medians.\n\n"
            + table(["limiter", "N", "hue shift (°)", "largest (°)", "N", "a*, b* shift"], rows)
    }

    // MARK: Lines

    private func lineTable(_ style: Style) -> String {
        let pictures: [(String, KeyPath<StyleMeasurement.Record, LineQuality?>)] = [
            ("photograph", \.photographLines), ("drawing", \.drawingLines), ("painter", \.painterLines),
        ]
        let rows = pictures.compactMap { title, path -> [String]? in
            let all = style.records.compactMap { $0[keyPath: path] }
            guard !all.isEmpty else { return nil }
            return [
                title, "\(all.count)", interval(Statistics.estimate(all.map(\.flatness)), 3),
                interval(Statistics.estimate(all.map(\.sharpness)), 3),
            ]
        }
        return "## \(style.id) \(style.version): lines\n\n"
            + "In the face's square of \(FaceSquare.side) pixels: share of pixels whose luma gradient is under "
            + "1/255, and the mean gradient of the strongest 5 %.\n\n"
            + table(["picture", "N", "flat", "sharpness"], rows)
    }

    // MARK: The border of faces

    private func borderTable(_ style: Style) -> String {
        typealias Reading = (StyleMeasurement.Record) -> BorderMeeting.Difference?
        let readings: [(String, Reading)] = [
            ("across the border", { $0.border?.across }), ("within the face", { $0.border?.within }),
            ("across, all drawn in one piece", { $0.borderInOnePiece?.across }),
            ("across, the photograph itself", { $0.photographBorder?.across }),
            (
                "**what the border adds to one piece**",
                { record in record.border.flatMap { border in record.borderInOnePiece.map(border.beyond) } }
            ),
        ]
        let rows = readings.map { title, reading in
            let seen = style.records.compactMap(reading)
            return [
                title, "\(seen.count)", interval(Statistics.estimate(seen.compactMap(\.lineWidth)), 2),
                interval(Statistics.estimate(seen.map(\.flatness)), 3),
                interval(Statistics.estimate(seen.map(\.colour)), 1),
            ]
        }
        return "## \(style.id) \(style.version): where faces and the rest meet\n\n"
            + "A ring outside the face's mask against one within it, and the left half within against the right, in "
            + "the photograph's own pixels: "
            + "ratio of the widths of lines, difference of the shares of flat pixels, and ΔE*ab between the changes "
            + "of the mean colour; medians. What differs in the photograph and in a drawing in one piece is the "
            + "picture itself: hair, cloth and background beside a face. So the last row counts, which is to be no "
            + "more than within the face: the step across the border less the step between the same places in one "
            + "piece.\n\n"
            + table(["compared", "N", "width of lines", "flat", "colour"], rows)
    }
}

extension QualityReport {
    /// Of edges along the pixel grid.
    fileprivate func gridTable(_ style: Style) -> String {
        let pictures: [(String, KeyPath<StyleMeasurement.Record, GridEdges?>)] = [
            ("photograph", \.photographGrid), ("drawing", \.drawingGrid),
        ]
        let rows = pictures.map { title, path in
            let shares = style.records.compactMap { $0[keyPath: path]?.share }
            return [title, "\(shares.count)", interval(Statistics.estimate(shares), 3)]
        }
        return "## \(style.id) \(style.version): edges along the pixel grid\n\n"
            + "Share of the strong edges (Sobel's gradient of luma of at least 0.05 a pixel) that run within 4° of a "
            + "row or a column, in the photograph's own pixels; 0.09 where all directions are alike. Medians.\n\n"
            + table(["picture", "N", "along the grid"], rows)
    }
}

// MARK: - Text

private func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
}

private func interval(_ estimate: Estimate?, _ places: Int) -> String {
    guard let estimate else { return "–" }
    return "\(number(estimate.median, places)) (\(number(estimate.low, places)) to \(number(estimate.high, places)))"
}

private func percent(_ share: Double) -> String { "\(number(share * 100, 0)) %" }

/// With `places` digits behind the point, rounded; no locale.
func number(_ value: Double?, _ places: Int) -> String {
    guard let value, abs(value) < 1e12 else { return "–" }
    let unit = (0..<places).reduce(1) { power, _ in power * 10 }
    let scaled = Int((abs(value) * Double(unit)).rounded())
    let digits = String(scaled % unit)
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return "\(sign)\(scaled / unit)"
        + (places > 0 ? "." + String(repeating: "0", count: places - digits.count) + digits : "")
}
