import XCTest

/// The last argument of the procedures, a list of `name=value`, in a real GIMP.
final class OptionsTests: XCTestCase {
    private static func draw(_ options: String, strength: String = "100") -> String {
        "(plug-in-anime-style RUN-NONINTERACTIVE image layer \"cel\" \(strength) 1 0 100 0 0 0 0 80 70 \"\(options)\")"
    }

    private static func call(_ name: String, _ options: String) -> String {
        """
        (let* ((image (portrait)) (layer (photo-layer image)))
          (refusal "\(name)" image (lambda () \(draw(options)))))
        """
    }

    func testTheListCountsMoreThanTheArgumentsBefore() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image))
                   (plain (car \(Self.draw("")))) (none (car \(Self.draw("strength=0"))))
                   (named (car \(Self.draw(" strength = 100% ; line-strength=100;", strength: "0"))))
                   (gray (car \(Self.draw("vividness=0")))))
              (say "nothing" (differing image none layer 0.01))
              (say "something" (differing image plain layer 0.1))
              (say "named" (differing image plain named 0.002))
              (say "pixel" (pixel gray 80 80)))
            """)
        XCTAssertSaid(output, "nothing", [0])
        XCTAssertGreaterThan(output.numbers("something").first ?? 0, 500, output.text)
        XCTAssertSaid(output, "named", [0])
        let gray = output.numbers("pixel")
        XCTAssertEqual(Set(gray.prefix(3)).count, 1, "\(gray)")
    }

    func testUnknownNamesAndValuesOutOfRangeAreOneSentence() throws {
        let cases = [
            ("name", "colour=3", "There is no setting “colour”; use one of: style, region, strength"),
            ("value", "vividness=201", "The value 201 for vividness is not allowed; use 0 to 200."),
            (
                "choice", "output=top",
                "The value top for output is not allowed; use 0 to 3, or layer, mask, group, replace."
            ),
            ("style", "style=none", "The style “none” is not installed"),
        ]
        let output = try GimpSession.shared.get().run(cases.map { Self.call($0.0, $0.1) }.joined(separator: "\n"))
        for (name, options, sentence) in cases {
            XCTAssertTrue(output.section(name).contains(sentence), "\(options): \(output.section(name))")
            XCTAssertSaid(output, "\(name)-refused", [1])
            XCTAssertSaid(output, "\(name)-after", output.numbers("\(name)-before"))
        }
    }

    func testANoteNamesTheSettingAsTheWindowDoes() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image))) \(Self.draw("region=both;min-face=4000")))
            """)
        XCTAssertTrue(
            output.text.contains(
                """
                One face is smaller than 4000 pixels and was drawn with the rest. “Minimum size (pixels)” \
                changes that.
                """
            ),
            output.text)
    }

    /// The face lies in the middle of the portrait.
    func testNotesTellOfWhatIsSelectedAlone() throws {
        func selected(_ name: String, _ corner: String, _ options: String) -> String {
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (say "case" "\(name)")
              (gimp-image-select-rectangle image CHANNEL-OP-REPLACE \(corner))
              \(Self.draw(options)))
            """
        }
        let output = try GimpSession.shared.get().run(
            [
                selected("corner", "0 0 12 12", "region=both;min-face=4000"),
                selected("face", "0 0 160 160", "region=both;min-face=4000"),
                selected("hair", "60 0 12 12", "region=faces"),
                selected("nothing", "0 152 8 8", "region=faces"),
            ].joined(separator: "\n"))
        XCTAssertFalse(output.section("corner").contains("smaller than"), output.text)
        XCTAssertTrue(output.section("face").contains("One face is smaller than 4000 pixels"), output.text)
        XCTAssertFalse(output.section("hair").contains("nothing was drawn"), output.text)
        XCTAssertTrue(
            output.section("nothing").contains("None of the faces is selected, so nothing was drawn."), output.text)
    }

    /// A bad list is the caller's mistake, which scripts can tell from a photograph that cannot be drawn.
    func testABadListIsACallingError() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image))) (say "case" "list") \(Self.draw("colour=3")))
            """)
        XCTAssertTrue(output.text.contains("invalid input arguments: There is no setting"), output.text)
    }

    /// Script-Fu wants all arguments; the installed script fills up what is left out, so that calls for earlier
    /// versions work.
    func testArgumentsMayBeLeftOutInScriptFu() throws {
        try XCTSkipIf(GimpHost.is3, "GIMP 3 takes arguments by name")
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image))
                   (a (car (plug-in-anime-style RUN-NONINTERACTIVE image layer "cel" 100 1 -1 -1 -1 0)))
                   (b (car (plug-in-anime-style RUN-NONINTERACTIVE image layer "cel" 100 1 -1 -1 -1 0 -1 -1 -1 -1 ""))))
              (say "differing" (differing image a b 0.002)))
            """)
        XCTAssertSaid(output, "differing", [0])
    }
}
